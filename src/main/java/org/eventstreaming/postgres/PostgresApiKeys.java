package org.eventstreaming.postgres;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.sql.ResultSet;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import org.eventstreaming.producer.Secret;
import org.eventstreaming.store.ApiKeys;

/**
 * API keys in PostgreSQL: table {@code api_key}. Secrets are long and random, so a plain hash of
 * them cannot be searched through.
 */
public final class PostgresApiKeys implements ApiKeys {
  private final Transactions transactions;
  private final SecureRandom random = new SecureRandom();

  public PostgresApiKeys(Transactions transactions) {
    this.transactions = transactions;
  }

  @Override
  public KeyPair create(String user, String scope) {
    KeyPair pair = new KeyPair(text(12), new Secret(text(24)));
    transactions.update(
        "insert into api_key (key, secret_hash, \"user\", scope) values (?, ?, ?, ?)",
        columns -> columns.value(pair.key()).value(hash(pair.secret())).value(user).value(scope));
    return pair;
  }

  @Override
  public Optional<String> scope(String key, Secret secret) {
    return transactions.query(
        "select secret_hash, scope from api_key where key = ?",
        columns -> columns.value(key),
        rows ->
            rows.next() && same(rows.getString(1), hash(secret))
                ? Optional.of(rows.getString(2))
                : Optional.empty());
  }

  @Override
  public boolean exists(String key, String scope) {
    return transactions.query(
        "select 1 from api_key where key = ? and scope = ?",
        columns -> columns.value(key).value(scope),
        ResultSet::next);
  }

  @Override
  public void revokeOthers(String scope, String key) {
    transactions.update(
        "delete from api_key where scope = ? and key <> ?",
        columns -> columns.value(scope).value(key));
  }

  private String text(int bytes) {
    byte[] chosen = new byte[bytes];
    random.nextBytes(chosen);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(chosen);
  }

  private static boolean same(String one, String other) {
    return MessageDigest.isEqual(
        one.getBytes(StandardCharsets.US_ASCII), other.getBytes(StandardCharsets.US_ASCII));
  }

  private static String hash(Secret secret) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256")
                  .digest(secret.reveal().getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
