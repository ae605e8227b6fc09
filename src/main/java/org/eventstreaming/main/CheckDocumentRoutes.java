package org.eventstreaming.main;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.camel.CamelContext;
import org.apache.camel.model.RouteDefinition;
import org.eventstreaming.camel.AskDocumentRoute;
import org.eventstreaming.files.Nearest;
import org.eventstreaming.files.Problem;
import org.eventstreaming.mapping.DocumentTypeMapping;
import org.eventstreaming.producer.EventProducer;
import org.eventstreaming.producer.ProducerDoctype;

/**
 * Checks that documents reach each route from {@code direct:document.<DocType>}: a slip in the name
 * of the type would leave its documents as they are, in silence.
 */
final class CheckDocumentRoutes {
  private CheckDocumentRoutes() {}

  static List<Problem> problems(Application.Plan plan, CamelContext context) {
    Set<String> reaching = new TreeSet<>();
    for (EventProducer producer : plan.producers()) {
      for (ProducerDoctype row : producer.producerDoctypes()) {
        reaching.add(row.remoteDoctype());
        reaching.addAll(row.dependencies().doctypes());
      }
    }
    plan.mappings().all().stream().map(DocumentTypeMapping::remoteDoctype).forEach(reaching::add);
    List<Problem> problems = new ArrayList<>();
    if (plan.producers().isEmpty()) {
      // they were refused, or there are none yet
      return problems;
    }
    for (RouteDefinition route : CalledRoutes.definitions(context)) {
      String doctype = AskDocumentRoute.doctype(route.getInput().getEndpointUri());
      if (doctype != null && !reaching.contains(doctype)) {
        problems.add(
            new Problem(
                RouteProblems.relative(plan.project(), route.getInput().getLocation()),
                route.getInput().getLineNumber(),
                1,
                "no producer file follows %s%s"
                    .formatted(
                        doctype,
                        Nearest.to(doctype, reaching)
                            .map(near -> ": did you mean direct:document.%s?".formatted(near))
                            .orElse(
                                ", nor names it in dependencies: the route would never run. A route from direct:document sees documents of every type"))));
      }
    }
    return problems;
  }
}
