package org.eventstreaming.camel;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Properties;
import java.util.UUID;
import org.quartz.Scheduler;
import org.quartz.SchedulerException;
import org.quartz.impl.StdSchedulerFactory;

/**
 * Clocks that are wound up and never run, for routes that are only looked at: a clock route would
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
    properties.put("org.quartz.threadPool.makeThreadsDaemons", "true");
    properties.put("org.quartz.threadPool.threadCount", "1");
    properties.put("org.quartz.scheduler.skipUpdateCheck", "true");
    return properties;
  }
}
