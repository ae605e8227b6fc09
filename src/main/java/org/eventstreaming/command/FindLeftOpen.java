package org.eventstreaming.command;

import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.eventstreaming.doctor.Finding;
import org.eventstreaming.doctype.DocTypes;
import org.eventstreaming.postgres.Database;
import org.eventstreaming.postgres.DatabaseFailure;
import org.eventstreaming.postgres.PostgresOpenedMasters;
import org.eventstreaming.postgres.PostgresProducerStates;
import org.eventstreaming.postgres.PostgresUnreadableFields;
import org.eventstreaming.postgres.Transactions;
import org.eventstreaming.producer.EventProducer;
import org.eventstreaming.producer.TargetSite;
import org.eventstreaming.settings.Settings;
import org.eventstreaming.site.Callers;
import org.eventstreaming.site.FrappeSites;
import org.eventstreaming.site.SiteFailure;
import org.eventstreaming.store.OpenedMaster;
import org.eventstreaming.target.RestoreMasters;
import org.eventstreaming.target.TargetFailed;
import org.eventstreaming.target.Targets;

/** Restores masters of target sites that a process which ended left enabled, and names them. */
final class FindLeftOpen {
  private static final String CHECK = "history";

  private final Settings settings;
  private final FrappeSites sites;

  FindLeftOpen(Settings settings, FrappeSites sites) {
    this.settings = settings;
    this.sites = sites;
  }

  /** By producer; those of one target once. */
  Map<String, List<Finding>> look(List<EventProducer> producers) {
    Map<String, List<Finding>> findings = new LinkedHashMap<>();
    if (settings.database().url() == null
        || producers.stream().allMatch(one -> one.target() == null)) {
      return findings;
    }
    try (Database database = Database.openAsItIs(settings);
        Callers callers = new Callers()) {
      Transactions transactions = new Transactions(database.pool());
      RestoreMasters restoreMasters =
          new RestoreMasters(
              new Targets(
                  sites,
                  callers,
                  DocTypes.NONE,
                  new PostgresProducerStates(transactions, settings.poll().lease()),
                  new PostgresUnreadableFields(transactions),
                  Clock.systemUTC()),
              new PostgresOpenedMasters(transactions));
      Set<String> seen = new HashSet<>();
      for (EventProducer producer : producers) {
        TargetSite target = producer.target();
        if (target != null && seen.add(target.url())) {
          findings.put(producer.producerUrl(), look(restoreMasters, producer, target.url()));
        }
      }
    } catch (Database.DatabaseUnavailable | DatabaseFailure e) {
      // the finding about the database says so, or nothing was ever streamed
      return findings;
    }
    return findings;
  }

  private static List<Finding> look(
      RestoreMasters restoreMasters, EventProducer producer, String site) {
    List<Finding> findings = new ArrayList<>();
    try {
      restoreMasters.look(producer).forEach(one -> findings.add(finding(one, site)));
    } catch (SiteFailure | TargetFailed e) {
      findings.add(
          Finding.problem(
              CHECK,
              "Masters of %s were enabled for documents and could not be disabled again: %s"
                  .formatted(site, e.getMessage()),
              "Run doctor again when the site answers; the next run disables them as well."));
    }
    return findings;
  }

  private static Finding finding(RestoreMasters.LeftOpen one, String site) {
    String which =
        "%s of %s was enabled for documents of %s"
            .formatted(one.master().master(), site, one.master().producerUrl());
    OpenedMaster.Ending ending = one.ending();
    if (one.error() != null) {
      return Finding.problem(
          CHECK, which + ", and could not be disabled again: " + one.error(), "Disable it there.");
    }
    if (ending == null) {
      return Finding.ok(
          CHECK, which + ", which are being written now: that process disables it again.");
    }
    return switch (ending) {
      case RESTORED ->
          Finding.warning(CHECK, which + " by a process that ended. It is disabled again now.", "");
      case FOUND_RESTORED, NOT_ENABLED -> Finding.ok(CHECK, which + ", and is disabled there.");
      case GONE -> Finding.ok(CHECK, which + ", and is gone.");
      case CHANGED ->
          Finding.warning(
              CHECK,
              which + ", and was changed by somebody since: it is left as it is.",
              "Disable it there if it is to be disabled.");
    };
  }
}
