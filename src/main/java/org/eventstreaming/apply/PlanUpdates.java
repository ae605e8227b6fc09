package org.eventstreaming.apply;

import org.eventstreaming.doctype.DocTypes;
import org.eventstreaming.document.ComparedForm;
import org.eventstreaming.document.FindLinks;
import org.eventstreaming.document.NormalForm;
import org.eventstreaming.naming.NameDocument;
import org.eventstreaming.naming.SeriesCounter;
import org.eventstreaming.store.DocumentStore;
import org.eventstreaming.store.ReadStoredDocuments;
import org.eventstreaming.store.SiteLinks;
import org.eventstreaming.store.SyncLog;
import org.eventstreaming.store.UnreadableFields;
import org.eventstreaming.target.Targets;
import org.eventstreaming.target.WriteAsHistory;
import org.eventstreaming.update.UpdatePage;

/** Plans what a page makes of its documents. */
public final class PlanUpdates {
  private final PlanPage planPage;

  /**
   * @param documents of all producers, wherever they are written to
   * @param targets the sites that documents are written to
   * @param links which documents there are which of a producer
   */
  public PlanUpdates(
      DocumentStore documents,
      Targets targets,
      SiteLinks links,
      WriteAsHistory site,
      SyncLog syncLog,
      DocTypes doctypes,
      FindLinks findLinks,
      NameDocument naming,
      SeriesCounter series,
      UnreadableFields unreadable) {
    this.planPage =
        new PlanPage(
            new ReadStoredDocuments(documents),
            syncLog,
            ChooseNames.where(
                new ChooseLocalName(documents, doctypes, naming, series),
                new NameAtSite(targets, links, true, site::echoes)),
            findLinks,
            new NormalForm(doctypes),
            new Difference(new ComparedForm(doctypes)),
            unreadable);
  }

  /**
   * Plans the page before its transaction, while the page before may be written. What the plan is
   * based on is compared when it is written. Not planned here are pages for a target site, pages
   * that rename documents, and pages that give documents other names than the producer's.
   */
  public UpdatePage ahead(UpdatePage page) {
    PageLines lines = PageLines.of(page);
    return page.run().producer().target() == null
            && lines.renames().isEmpty()
            && !lines.open().isEmpty()
        ? planPage.ahead(page, lines.open()).map(page::withPlan).orElse(page)
        : page;
  }

  /** The plan of the page: the prepared one, where there is one. */
  PagePlan plan(UpdatePage page, PageLines lines) {
    return page.plan().map(PagePlan.class::cast).orElseGet(() -> planPage.plan(page, lines.open()));
  }
}
