package org.eventstreaming.standin;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;

/** The one key pair that the site accepts, and what it says to others (frappe-wire 2.1). */
record Credentials(String apiKey, String apiSecret) {

  /** False for the key's owner, true for a guest; refuses a stranger. */
  boolean isGuest(Call call, Generation generation) {
    var words = call.headers().getOrDefault("authorization", "").split(" ", -1);
    if (words.length != 2) {
      return true;
    }
    var pair =
        switch (words[0].toLowerCase(Locale.ROOT)) {
          case "token" -> words[1];
          case "basic" -> decoded(words[1]);
          default -> "";
        };
    var parts = pair.split(":", -1);
    if (parts.length != 2) {
      return guestOrStranger(generation.wrongSecretIsGuest(), generation);
    }
    if (!parts[0].equals(apiKey)) {
      return guestOrStranger(false, generation);
    }
    return !parts[1].equals(apiSecret)
        && guestOrStranger(generation.wrongSecretIsGuest(), generation);
  }

  private static boolean guestOrStranger(boolean guest, Generation generation) {
    if (!guest) {
      throw generation.is13()
          ? FrappeError.thrown(401, "AuthenticationError", "Password not found")
          : FrappeError.raised(401, "AuthenticationError", "");
    }
    return true;
  }

  private static String decoded(String base64) {
    try {
      return new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw FrappeError.raised(
          400,
          "InvalidAuthorizationToken",
          "Failed to decode token, please provide a valid base64-encoded token.");
    }
  }
}
