package org.eventstreaming.camel;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Properties;
import java.util.UUID;
import org.quartz.Scheduler;
import org.quartz.SchedulerException;
import org.quartz.impl.StdSchedulerFactory;
import org.quartz.simpl.ZeroSizeThreadPool;

/**
 * Clocks that are wound up and never run, where nothing goes by the clock: a clock route would
 * start its scheduler although the route itself is not started.
 */
public final class StandingClocks extends StdSchedulerFactory {
  public StandingClocks() throws SchedulerException {
    super(properties());
  }

  @Override
  public Scheduler getScheduler() throws SchedulerException {
    Scheduler scheduler = super.getScheduler();
    return (Scheduler)
        Proxy.newProxyInstance(
            Scheduler.class.getClassLoader(),
            new Class<?>[] {Scheduler.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("start") || method.getName().equals("startDelayed")) {
                return null;
              }
              try {
                return method.invoke(scheduler, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause() == null ? e : e.getCause();
              }
            });
  }

  private static Properties properties() {
    Properties properties = new Properties();
    // schedulers of one name are one, over the whole process
    properties.put("org.quartz.scheduler.instanceName", "standing-" + UUID.randomUUID());
    properties.put("org.quartz.scheduler.makeSchedulerThreadDaemon", "true");
    // the end of Quartz's own pool waits for half a second
    properties.put("org.quartz.threadPool.class", ZeroSizeThreadPool.class.getName());
    properties.put("org.quartz.scheduler.skipUpdateCheck", "true");
    return properties;
  }
}
