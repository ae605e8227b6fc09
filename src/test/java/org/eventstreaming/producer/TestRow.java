package org.eventstreaming.producer;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A row of a producer file, ordinary by default: a type under its own names, nothing with it. */
public final class TestRow {
  private final String doctype;
  private String remoteDoctype;
  private @Nullable String mapping;
  private boolean sameName = true;
  private @Nullable String condition;
  private Leaves leaves = Leaves.KEEP;
  private boolean unsubscribed;
  private NameTaken nameTaken = NameTaken.FAIL;
  private Dependencies dependencies = Dependencies.NONE;
  private @Nullable String loadSince;
  private long attachmentsLimit;
  private Set<String> adds = Set.of();

  private TestRow(String doctype) {
    this.doctype = doctype;
    this.remoteDoctype = doctype;
  }

  public static TestRow of(String doctype) {
    return new TestRow(doctype);
  }

  public TestRow locallyNamed() {
    sameName = false;
    return this;
  }

  public TestRow where(String text) {
    condition = text;
    return this;
  }

  public TestRow leaving(Leaves what) {
    leaves = what;
    return this;
  }

  public TestRow unsubscribed() {
    unsubscribed = true;
    return this;
  }

  public TestRow ifTaken(NameTaken what) {
    nameTaken = what;
    return this;
  }

  public TestRow with(Dependencies which) {
    dependencies = which;
    return this;
  }

  public TestRow loadedSince(String moment) {
    loadSince = moment;
    return this;
  }

  /** With files of so many bytes at most. */
  public TestRow withAttachments(long limit) {
    attachmentsLimit = limit;
    return this;
  }

  /** Fields that a route of the project adds. */
  public TestRow adding(String... fields) {
    adds = Set.of(fields);
    return this;
  }

  public TestRow mapped(String name, String from) {
    mapping = name;
    remoteDoctype = from;
    return this;
  }

  public ProducerDoctype row() {
    return new ProducerDoctype(
        doctype,
        remoteDoctype,
        mapping,
        sameName,
        condition,
        leaves,
        unsubscribed,
        nameTaken,
        dependencies,
        loadSince,
        attachmentsLimit,
        adds);
  }
}
