package org.eventstreaming.main;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.eventstreaming.files.Place;
import org.eventstreaming.files.Problem;
import org.eventstreaming.files.Problems;

/**
 * Finds routes that have the id or the address of another: Camel would take the one that it reads
 * last, or stop without the place of either.
 */
final class DuplicateRoutes {
  private DuplicateRoutes() {}

  /** Of the files that could be read. */
  static List<Problem> problems(RouteFiles files) {
    List<WrittenRoute> routes = new ArrayList<>();
    if (files.changed().isEmpty()) {
      return List.of();
    }
    Problems unread = new Problems();
    files.builtIn().forEach(file -> routes.addAll(WrittenRoute.in(file, unread)));
    files.changed().forEach(file -> routes.addAll(WrittenRoute.in(file, unread)));
    List<Problem> problems = new ArrayList<>();
    Map<String, String> ids = new HashMap<>();
    Map<String, String> addresses = new HashMap<>();
    for (WrittenRoute route : routes) {
      look(ids, route, "id " + route.id(), route.id(), route.idAt(), problems);
      look(addresses, route, "from " + route.from(), route.from(), route.fromAt(), problems);
    }
    return problems;
  }

  private static void look(
      Map<String, String> known,
      WrittenRoute route,
      String what,
      String value,
      Place at,
      List<Problem> problems) {
    if (value.isEmpty()) {
      return;
    }
    String other = known.putIfAbsent(value, route.file().at(at.line()));
    if (other != null) {
      problems.add(
          Problem.at(
              route.file().path(),
              at,
              "%s is that of another route too, at %s: give this one another"
                  .formatted(what, other)));
    }
  }
}
