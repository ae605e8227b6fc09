@NullMarked
package org.eventstreaming.doctor;

import org.jspecify.annotations.NullMarked;
