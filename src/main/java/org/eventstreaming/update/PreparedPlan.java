package org.eventstreaming.update;

/**
 * What a page makes of its documents, planned by the package {@code apply} before the page's
 * transaction begins. Where the transaction collides with another, the page is planned again inside
 * the repeated one.
 */
public interface PreparedPlan {}
