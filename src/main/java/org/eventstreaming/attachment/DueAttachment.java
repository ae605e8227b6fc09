package org.eventstreaming.attachment;

import org.eventstreaming.store.Attachment;

/** A file to be copied now. */
public record DueAttachment(Turn turn, Attachment attachment) {}
