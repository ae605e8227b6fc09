/**
 * Documents as they are kept: their normal form, what a diff makes of them, and the naive times in
 * them. Takes the JSON of a site, gives the JSON that is stored; knows neither routes nor database.
 */
@NullMarked
package org.eventstreaming.document;

import org.jspecify.annotations.NullMarked;
