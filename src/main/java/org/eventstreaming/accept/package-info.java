/**
 * Takes an entry as it came and says whether it is followed and can be read. What is accepted goes
 * on to be applied; what nobody asked for is counted.
 */
@NullMarked
package org.eventstreaming.accept;

import org.jspecify.annotations.NullMarked;
