package org.eventstreaming.postgres;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Names as PostgreSQL holds them: 63 bytes at most. A longer one is cut at the end of a character
 * and ends in a hash of the whole, so that two long names stay two.
 */
final class SqlName {
  private static final int LONGEST = 63;
  private static final int HASH_BYTES = 4;

  private SqlName() {}

  static String of(String name) {
    byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
    if (bytes.length <= LONGEST) {
      return name;
    }
    int end = LONGEST - 1 - 2 * HASH_BYTES;
    while (isInsideACharacter(bytes[end])) {
      end--;
    }
    return new String(bytes, 0, end, StandardCharsets.UTF_8) + "_" + hash(bytes);
  }

  private static boolean isInsideACharacter(byte next) {
    return (next & 0xC0) == 0x80;
  }

  private static String hash(byte[] bytes) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(bytes);
      return HexFormat.of().formatHex(hash, 0, HASH_BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
