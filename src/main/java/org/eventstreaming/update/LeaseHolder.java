package org.eventstreaming.update;

import java.lang.management.ManagementFactory;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Who has the lease of a producer.
 *
 * @param owner the process, and which of its works
 * @param work what it was taken for; null where nothing was noted
 * @param since when it was taken; null where nothing was noted
 * @param until when it runs out unless it is renewed
 */
public record LeaseHolder(
    String owner, @Nullable Work work, @Nullable Instant since, Instant until) {
  /** Process and host. */
  private static final String THIS_PROCESS = ManagementFactory.getRuntimeMXBean().getName();

  /** Unlike any other, and known as one of this process. */
  public static String newOwner() {
    return THIS_PROCESS + "/" + UUID.randomUUID();
  }

  public boolean isThisProcess() {
    return owner.startsWith(THIS_PROCESS + "/");
  }

  /** Who, since when and until when, as a sentence. */
  public String reported(String producerUrl) {
    String named = work == null ? "work" : work.text();
    String began = since == null ? "" : " since " + second(since);
    return isThisProcess()
        ? "The %s of %s by this process goes on%s.".formatted(named, producerUrl, began)
        : "The %s of %s by process %s goes on%s; its lease ends at %s unless it is renewed."
            .formatted(named, producerUrl, owner.replaceFirst("/.*", ""), began, second(until));
  }

  private static Instant second(Instant moment) {
    return moment.truncatedTo(ChronoUnit.SECONDS);
  }
}
