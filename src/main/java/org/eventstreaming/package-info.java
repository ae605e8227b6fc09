/** The command line's door and nothing else: what runs is wired in {@code main}. */
@NullMarked
package org.eventstreaming;

import org.jspecify.annotations.NullMarked;
