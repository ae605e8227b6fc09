package org.eventstreaming.store;

import java.util.Optional;
import org.eventstreaming.producer.Secret;

/** Keys that open something here. */
public interface ApiKeys {
  /** A new key pair; of the secret only its hash is kept here. */
  KeyPair create(String user, String scope);

  /** What the key opens, when the secret is right. */
  Optional<String> scope(String key, Secret secret);

  /** Whether there is such a key for this scope. */
  boolean exists(String key, String scope);

  /** Closes every key of a scope but one. */
  void revokeOthers(String scope, String key);

  /** A key and its secret, together only here and now. */
  record KeyPair(String key, Secret secret) {}
}
