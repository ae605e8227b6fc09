package org.eventstreaming.producer;

/** Whether the keys and passwords of the files are read with them. */
public enum Secrets {
  /** They are: a site will be called. A placeholder without a value is a problem of the file. */
  READ,

  /** They are not, no site will be called: what a placeholder stands for need not be there. */
  LEFT
}
