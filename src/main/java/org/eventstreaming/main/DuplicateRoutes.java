package org.eventstreaming.main;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.eventstreaming.files.Place;
import org.eventstreaming.files.Problem;
import org.eventstreaming.files.Problems;

/**
 * Finds routes that have the id or the address of another: Camel would take the one that it reads
 * last, or stop without the place of either.
 */
final class DuplicateRoutes {
  private DuplicateRoutes() {}

  /** Of the files that could be read. */
  static List<Problem> problems(RouteFiles files) {
    List<WrittenRoute> routes = new ArrayList<>();
    if (files.changed().isEmpty()) {
      return List.of();
    }
    Problems unread = new Problems();
    files.builtIn().forEach(file -> routes.addAll(WrittenRoute.in(file, unread)));
    files.changed().forEach(file -> routes.addAll(WrittenRoute.in(file, unread)));
    List<Problem> problems = new ArrayList<>();
    Map<String, WrittenRoute> ids = new HashMap<>();
    Map<String, WrittenRoute> addresses = new HashMap<>();
    Map<Moved, List<WrittenRoute>> moved = new LinkedHashMap<>();
    for (WrittenRoute route : routes) {
      WrittenRoute sameId = route.id().isEmpty() ? null : ids.putIfAbsent(route.id(), route);
      WrittenRoute sameAddress =
          route.from().isEmpty() ? null : addresses.putIfAbsent(route.from(), route);
      WrittenRoute other = sameId == null ? sameAddress : sameId;
      if (other != null && isMoved(route.file(), other.file())) {
        moved
            .computeIfAbsent(
                new Moved(route.file(), other.file().name()), file -> new ArrayList<>())
            .add(route);
        continue;
      }
      if (sameId != null) {
        problems.add(duplicate(route, "id " + route.id(), route.idAt(), sameId, sameId.idAt()));
      }
      if (sameAddress != null) {
        problems.add(
            duplicate(
                route, "from " + route.from(), route.fromAt(), sameAddress, sameAddress.fromAt()));
      }
    }
    moved.forEach((file, own) -> problems.add(file.problem(own)));
    return problems;
  }

  /** A file that replaces one of the jar, and another file of the jar that has routes of it now. */
  private record Moved(RouteFile file, String builtIn) {
    Problem problem(List<WrittenRoute> routes) {
      String ids = routes.stream().map(WrittenRoute::id).collect(Collectors.joining(", "));
      return Problem.at(
          file.path(),
          routes.get(0).idAt(),
          "replaces %1$s of the jar and has routes that the jar has in %2$s: %3$s. Remove them from this file, or replace %2$s as well (event-streaming routes copy %2$s) and remove them there. `event-streaming routes diff %1$s` shows what else differs."
              .formatted(file.name(), builtIn, ids));
    }
  }

  private static boolean isMoved(RouteFile file, RouteFile other) {
    return file.origin() == RouteFile.Origin.REPLACES && other.isBuiltIn();
  }

  private static Problem duplicate(
      WrittenRoute route, String what, Place at, WrittenRoute other, Place otherAt) {
    return Problem.at(
        route.file().path(),
        at,
        "%s is that of another route too, at %s: give this one another"
            .formatted(what, other.file().at(otherAt.line())));
  }
}
