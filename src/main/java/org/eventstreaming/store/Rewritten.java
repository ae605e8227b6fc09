package org.eventstreaming.store;

/**
 * What a target site made of a value when it was written: digests of both, as the site would store
 * them. As long as both stay the same, the difference is known and nothing is to be done.
 *
 * @param sent of what was written
 * @param stored of what the site had afterwards
 */
public record Rewritten(String sent, String stored) {}
