package org.eventstreaming.site;

import java.net.URI;
import java.net.URISyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * An answer that sends the caller to another address. It is not followed: the key would go there.
 */
final class Redirect {
  private Redirect() {}

  static boolean is(SiteAnswer answer) {
    return answer.status() >= 300 && answer.status() < 400;
  }

  /** Where to, and what to do. Its query and credentials are nobody's business. */
  static String text(SiteAnswer answer, SiteCall call) {
    URI asked = URI.create(call.url() + call.path());
    URI there = target(asked, answer.location());
    if (there == null) {
      return answer.status()
          + ", which sends us elsewhere and does not say where to. Redirects are not followed: put"
          + " the address at which the site itself answers into its file.";
    }
    String base = base(there);
    String text =
        "%d, which sends us to %s%s.".formatted(answer.status(), base, there.getRawPath());
    return base.equals(base(asked))
        ? text
            + " Redirects are not followed. A proxy or a login page is in front of the site: let"
            + " paths that begin with /api pass."
        : text
            + " Redirects are not followed, as they would get the key. If that is the site, set its"
            + " address in its file to %s (producer_url of a producer, url of a site that is written to)."
                .formatted(base);
  }

  /** Null where none can be read. */
  private static @Nullable URI target(URI asked, @Nullable String location) {
    if (location == null || location.isBlank()) {
      return null;
    }
    try {
      URI there = asked.resolve(new URI(location.strip()));
      return there.getHost() == null || there.getRawPath() == null ? null : there;
    } catch (URISyntaxException | IllegalArgumentException e) {
      return null;
    }
  }

  private static String base(URI address) {
    return address.getScheme()
        + "://"
        + address.getHost()
        + (address.getPort() < 0 ? "" : ":" + address.getPort());
  }
}
