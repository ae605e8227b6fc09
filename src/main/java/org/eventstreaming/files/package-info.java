/**
 * Files that people edit: YAML or JSON text comes in, its values with their places go out, checked
 * against a JSON Schema. What is wrong is said as {@code file:line:column: what, and what is
 * allowed}, for all files at once. Producers, settings and DocTypes are read with it, at start.
 */
@NullMarked
package org.eventstreaming.files;

import org.jspecify.annotations.NullMarked;
