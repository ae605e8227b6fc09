package org.eventstreaming.doctor;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.eventstreaming.doctype.DocField;
import org.eventstreaming.producer.LinkedUsers;

/** Checks what is done with links to users, and whether the key may do what the site file says. */
final class CheckTargetUsers implements SiteCheck {
  private static final String USER = "User";

  @Override
  public String name() {
    return "users";
  }

  @Override
  public List<Finding> check(BothSites sites) {
    LinkedUsers.Missing missing = sites.target().users().missing();
    List<String> linking =
        sites.written().stream().filter(type -> links(sites, type)).map(SiteType::name).toList();
    if (linking.isEmpty()) {
      return List.of();
    }
    String types = String.join(", ", linking);
    if (missing == LinkedUsers.Missing.FAIL) {
      return List.of(
          Finding.ok(
              name(),
              "Links to users that the site does not have make a document of %s fail; users.missing of the site file can say otherwise."
                  .formatted(types)));
    }
    List<SiteType.Right> refused =
        Stream.of(SiteType.Right.READ, SiteType.Right.CREATE)
            .filter(right -> right == SiteType.Right.READ || missing == LinkedUsers.Missing.CREATE)
            .filter(
                right ->
                    sites.typesTo().find(USER).filter(type -> sites.may(type, right)).isEmpty())
            .toList();
    return List.of(
        refused.isEmpty()
            ? Finding.ok(name(), "The key may do what users.missing needs for " + types + ".")
            : Finding.problem(
                name(),
                "The key may not %s User: users.missing has no effect for %s."
                    .formatted(
                        refused.stream().map(SiteType.Right::key).collect(Collectors.joining(", ")),
                        types),
                "Give %s a role that may, such as System Manager.".formatted(sites.user())));
  }

  private static boolean links(BothSites sites, SiteType type) {
    return Stream.concat(
            Stream.of(type),
            type.definition().tables().stream()
                .map(DocField::options)
                .flatMap(Stream::ofNullable)
                .map(sites.typesTo()::find)
                .flatMap(Optional::stream))
        .flatMap(one -> one.definition().links().stream())
        .anyMatch(field -> USER.equals(field.options()));
  }
}
