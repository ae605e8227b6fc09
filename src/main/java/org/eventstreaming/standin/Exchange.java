package org.eventstreaming.standin;

/** A call that the site made on a consumer, and what it was answered. */
public record Exchange(String method, String url, String sent, int status, String received) {}
