package org.eventstreaming.standin;

/** The database under a site, which shows in how values are answered. */
public enum SiteDatabase {
  /**
   * Values are answered as they were given, whatever their types; names are compared as MariaDB
   * does.
   */
  NONE,
  /**
   * Hours of one digit, decimals of nine digits, JSON as text; names are compared without case,
   * accents and trailing blanks.
   */
  MARIADB,
  /**
   * Hours of two digits, decimals of nine digits, JSON as a value by list and as text by single
   * read, numbered names as text by list and as numbers by single read, rows that share an idx in
   * any order, names compared exactly.
   */
  POSTGRESQL,
  /**
   * Hours as they were written, and every read fails of a Time whose hour has one digit; all digits
   * of a fraction, JSON as text, names compared exactly.
   */
  SQLITE;

  Collation collation() {
    return this == POSTGRESQL || this == SQLITE ? Collation.EXACT : Collation.FOLDED;
  }
}
