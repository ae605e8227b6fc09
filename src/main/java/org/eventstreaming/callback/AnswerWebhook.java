package org.eventstreaming.callback;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.eventstreaming.producer.EventProducer;
import org.eventstreaming.producer.Secret;
import org.eventstreaming.store.ProducerStates;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes a webhook's call of a producer as a hint that something changed there. The path says which
 * producer, its secret whether it is true; the body is looked at for its signature alone (protocol:
 * live evidence 5).
 */
final class AnswerWebhook {
  private static final String ALGORITHM = "HmacSHA256";
  private static final Logger LOG = LoggerFactory.getLogger(AnswerWebhook.class);

  private final List<EventProducer> producers;
  private final ProducerStates states;

  /** Paths whose last call was refused and logged: a stranger must not fill the log. */
  private final Set<String> reported = ConcurrentHashMap.newKeySet();

  AnswerWebhook(List<EventProducer> producers, ProducerStates states) {
    this.producers = List.copyOf(producers);
    this.states = states;
  }

  Answer answer(String path, String signature, byte[] body) {
    List<EventProducer> meant =
        producers.stream().filter(one -> one.webhookPath().equalsIgnoreCase(path)).toList();
    Optional<EventProducer> caller =
        meant.stream().filter(one -> isSigned(one.webhookSecret(), signature, body)).findFirst();
    if (caller.isEmpty()) {
      report(meant, signature);
      // the same for all reasons: nobody learns whom we follow
      return Answer.error(401, "AuthenticationError", "Unknown webhook or wrong signature");
    }
    String url = caller.get().producerUrl();
    reported.remove(caller.get().webhookPath());
    states.notified(url);
    return Answer.json(JsonNodeFactory.instance.objectNode()).about(url);
  }

  private void report(List<EventProducer> meant, String signature) {
    if (meant.isEmpty()) {
      if (reported.add("")) {
        LOG.warn(
            "A webhook was refused: its address names no Event Producer of the files. It ends in"
                + " {}HOST, the host of producer_url. Further ones are not logged.",
            EventProducer.WEBHOOKS);
      }
      return;
    }
    EventProducer producer = meant.get(0);
    if (reported.add(producer.webhookPath())) {
      LOG.warn(
          "A webhook that says it is of {} was refused: {}. It is still polled by the clock. Further"
              + " ones are not logged until one is accepted.",
          producer.producerUrl(),
          producer.webhookSecret() == null
              ? "its file has no webhook_secret"
              : signature.isEmpty()
                  ? "it is not signed; switch on its Enable Security and set its Webhook Secret"
                  : "its signature is wrong; set the same Webhook Secret there as in webhook_secret"
                      + " of the file");
    }
  }

  private static boolean isSigned(@Nullable Secret secret, String signature, byte[] body) {
    if (secret == null) {
      return false;
    }
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(secret.reveal().getBytes(StandardCharsets.UTF_8), ALGORITHM));
      byte[] right = Base64.getEncoder().encode(mac.doFinal(body));
      // takes as long for a signature that is nearly right
      return MessageDigest.isEqual(right, signature.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
