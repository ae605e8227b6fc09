/**
 * The files that are attached to documents, beside the stream: what a producer has is found and
 * remembered; what belongs to a document that is here comes, byte for byte, into a directory of our
 * own or onto the target site; what is gone there goes here. Nothing of the stream waits for it.
 */
@NullMarked
package org.eventstreaming.attachment;

import org.jspecify.annotations.NullMarked;
