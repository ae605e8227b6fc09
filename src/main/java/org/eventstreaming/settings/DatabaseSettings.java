package org.eventstreaming.settings;

import org.eventstreaming.producer.Secret;
import org.jspecify.annotations.Nullable;

/**
 * Which PostgreSQL holds the documents.
 *
 * @param url a JDBC address; null starts the embedded server under the data directory
 * @param user null where the address or the server needs none
 * @param password null where the address or the server needs none
 */
public record DatabaseSettings(
    @Nullable String url, @Nullable String user, @Nullable Secret password) {
  public static final DatabaseSettings EMBEDDED = new DatabaseSettings(null, null, null);

  public DatabaseSettings {
    if (url != null && !url.startsWith("jdbc:postgresql:")) {
      throw new IllegalArgumentException(
          "eventstreaming.database.url must start with jdbc:postgresql:, for example"
              + " jdbc:postgresql://db.example.com/streaming");
    }
  }
}
