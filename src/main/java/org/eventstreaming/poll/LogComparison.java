package org.eventstreaming.poll;

import org.eventstreaming.update.ComparedDocument;
import org.eventstreaming.update.ComparedRange;
import org.eventstreaming.update.ReportComparison;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reports in the log what a comparison by the clock found. Details are in the Event Sync Log. */
final class LogComparison implements ReportComparison {
  private static final Logger LOG = LoggerFactory.getLogger(LogComparison.class);

  private final String producerUrl;

  LogComparison(String producerUrl) {
    this.producerUrl = producerUrl;
  }

  @Override
  public void compared(ComparedRange range) {
    for (ComparedDocument one : range.differences()) {
      if (one.repaired()) {
        LOG.info("{} of {} differed and was repaired", one.remote(), producerUrl);
      } else {
        LOG.warn(
            "{} of {} is not equal here and there: {}. {}",
            one.remote(),
            producerUrl,
            one.verdict().text(),
            one.why() == null ? "" : one.why());
      }
    }
  }

  @Override
  public void refused(String doctype, String why) {
    LOG.warn("{} Differences of {} are not found.", why, doctype);
  }
}
