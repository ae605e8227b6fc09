package org.eventstreaming.target;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.eventstreaming.doctype.DocField;
import org.eventstreaming.doctype.DocType;
import org.eventstreaming.document.ChildRows;
import org.eventstreaming.document.Link;
import org.eventstreaming.producer.LinkedUsers;
import org.eventstreaming.producer.LinkedUsers.Missing;
import org.eventstreaming.site.SiteFailure;
import org.jspecify.annotations.Nullable;

/**
 * Points links to users to users of the target site. Users are never streamed. The site is asked
 * once for all documents of a page.
 */
public final class PointUsers {
  private static final String USER = "User";
  private static final String FIRST_NAME = "first_name";

  /** The users that every site has. */
  private static final Set<String> EVERYWHERE = Set.of("Administrator", "Guest");

  private final Target target;
  private final LinkedUsers policy;
  private final Map<String, String> names = new HashMap<>();

  /**
   * By user: the document or row of the producer that links to the user, and may have the user's
   * first and last name.
   */
  private final Map<String, ObjectNode> persons = new HashMap<>();

  private final Set<String> leftOut = new LinkedHashSet<>();

  /** By user: what the site answered where it did not create the user. */
  private final Map<String, String> notCreated = new HashMap<>();

  private @Nullable String notAsked;

  private PointUsers(Target target, LinkedUsers policy) {
    this.target = target;
    this.policy = policy;
  }

  /**
   * Looks up the users that these documents link to.
   *
   * @param creates whether users that the site does not have are created; else the site is only
   *     read
   */
  static PointUsers of(
      Target target, LinkedUsers policy, Collection<ObjectNode> documents, boolean creates) {
    PointUsers users = new PointUsers(target, policy);
    if (!policy.equals(LinkedUsers.AS_THEY_ARE)) {
      Set<String> linked = new TreeSet<>();
      documents.forEach(
          document ->
              users
                  .links(document)
                  .forEach(
                      link -> {
                        linked.add(name(link));
                        users.persons.merge(name(link), link.holder(), PointUsers::named);
                      }));
      users.find(linked, creates);
    }
    return users;
  }

  private void find(Set<String> linked, boolean creates) {
    linked.forEach(user -> names.put(user, policy.map().getOrDefault(user, user)));
    Set<String> asked = new TreeSet<>(names.values());
    asked.removeAll(EVERYWHERE);
    if (policy.missing() == Missing.FAIL || asked.isEmpty()) {
      return;
    }
    Map<String, String> there;
    try {
      there = target.users(asked);
    } catch (SiteFailure e) {
      if (e.kind() != SiteFailure.Kind.REFUSED) {
        throw e;
      }
      notAsked = e.said();
      return;
    }
    names.replaceAll((user, name) -> there.getOrDefault(name, name));
    asked.removeAll(there.keySet());
    if (policy.missing() == Missing.LEAVE_OUT) {
      names.forEach(
          (user, name) -> {
            if (asked.contains(name)) {
              leftOut.add(user);
            }
          });
    } else if (creates) {
      asked.forEach(this::create);
    }
  }

  /** The one of two documents that has the user's first name, as a Contact has. */
  private static ObjectNode named(ObjectNode one, ObjectNode other) {
    return one.path(FIRST_NAME).asText("").isEmpty() ? other : one;
  }

  private ObjectNode person(String there) {
    return names.entrySet().stream()
        .filter(name -> name.getValue().equals(there))
        .map(name -> persons.get(name.getKey()))
        .filter(Objects::nonNull)
        .reduce(JsonNodeFactory.instance.objectNode(), PointUsers::named);
  }

  private void create(String user) {
    try {
      String name = target.createUser(linkTarget(user, person(user)));
      names.replaceAll((linked, there) -> there.equals(user) ? name : there);
    } catch (SiteFailure e) {
      if (e.passes()) {
        throw e;
      }
      notCreated.put(user, e.said());
    }
  }

  /**
   * A copy that links to users of the site.
   *
   * @param stands the document as it is there; null where it is new. A user that is left out does
   *     not empty its field there
   * @param whole whether {@code desired} is the producer's whole document; else it is a change
   */
  public ObjectNode in(ObjectNode desired, @Nullable ObjectNode stands, boolean whole) {
    if (names.isEmpty()) {
      return desired;
    }
    ObjectNode copy = desired.deepCopy();
    for (Link link : links(copy)) {
      String user = name(link);
      JsonNode before = standing(link, copy, stands);
      if (!whole && before.asText("").equals(user)) {
        continue;
      }
      if (leftOut.contains(user)) {
        leaveOut(link, copy, before);
      } else {
        link.pointTo(names.getOrDefault(user, user));
      }
    }
    return copy;
  }

  /** The user that the site has in the place of a link. */
  private JsonNode standing(Link link, ObjectNode desired, @Nullable ObjectNode stands) {
    ObjectNode holder = stands;
    DocType type = target.find(desired.path("doctype").asText()).orElse(null);
    if (stands != null && type != null && !isSame(link.holder(), desired)) {
      Row row = row(link, desired, type);
      holder = row == null ? null : standing(row, link.holder(), stands);
      type = row == null ? null : row.type();
    }
    if (holder == null || type == null) {
      return NullNode.instance;
    }
    DocField field = type.field(link.fieldname()).orElse(null);
    return field != null
            && field.isDynamicLink()
            && !holder.path(String.valueOf(field.options())).asText("").equals(USER)
        ? NullNode.instance
        : holder.path(link.fieldname());
  }

  private static @Nullable ObjectNode standing(Row row, ObjectNode desired, ObjectNode stands) {
    String name = desired.path("name").asText("");
    return ChildRows.of(stands.path(row.table())).stream()
        .filter(one -> !name.isEmpty() && one.path("name").asText().equals(name))
        .findFirst()
        .orElse(null);
  }

  /** Removes a link. A row that has no other value is removed with it. */
  private void leaveOut(Link link, ObjectNode document, JsonNode before) {
    DocType type = target.find(document.path("doctype").asText()).orElse(null);
    Row row = type == null ? null : row(link, document, type);
    if (row != null && holdsNothingElse(row.type(), link)) {
      ArrayNode rows = (ArrayNode) document.path(row.table());
      for (int i = rows.size() - 1; i >= 0; i--) {
        if (isSame(rows.get(i), link.holder())) {
          rows.remove(i);
        }
      }
      return;
    }
    link.holder().set(link.fieldname(), before.isMissingNode() ? NullNode.instance : before);
  }

  /** The row of a link; null where the document itself has the link. */
  private @Nullable Row row(Link link, ObjectNode document, DocType type) {
    for (DocField table : type.tables()) {
      for (JsonNode row : document.path(table.fieldname())) {
        if (isSame(row, link.holder()) && table.options() != null) {
          return target
              .find(table.options())
              .map(rows -> new Row(table.fieldname(), rows))
              .orElse(null);
        }
      }
    }
    return null;
  }

  private static boolean holdsNothingElse(DocType type, Link link) {
    String typeField = type.field(link.fieldname()).map(DocField::options).orElse("");
    return type.fields().stream()
        .filter(SiteForm::isOurs)
        .map(DocField::fieldname)
        .filter(field -> !field.equals(link.fieldname()) && !field.equals(typeField))
        .map(link.holder()::path)
        .allMatch(value -> value.asText("").isEmpty() || value.asText().equals("0"));
  }

  @SuppressWarnings("ReferenceEquality")
  private static boolean isSame(JsonNode one, JsonNode other) {
    return one == other;
  }

  /** The note about users that are left out of a document; null where none is. */
  @Nullable String leftOut(ObjectNode document) {
    List<String> fields =
        leftOut.isEmpty()
            ? List.of()
            : links(document).stream()
                .filter(link -> leftOut.contains(name(link)))
                .map(link -> link.fieldname() + " " + name(link))
                .distinct()
                .toList();
    return fields.isEmpty()
        ? null
        : "Left out, as the site has no such user: " + String.join(", ", fields) + ".";
  }

  /**
   * The answer of a site that refused a document, with advice where the answer is about a user.
   *
   * @param document as it was sent
   */
  String explained(String said, @Nullable ObjectNode document) {
    Set<String> users =
        document == null
            ? Set.of()
            : links(document).stream()
                .map(PointUsers::name)
                .filter(user -> !EVERYWHERE.contains(user) && said.contains(user))
                .collect(Collectors.toCollection(TreeSet::new));
    if (users.isEmpty()) {
      return said;
    }
    String what = String.join(", ", users);
    String key = "users of the site file " + target.name();
    if (notAsked != null) {
      return "%s. The users there could not be listed (%s), so %s has no effect: give the key's user a role that may read User"
          .formatted(said, notAsked, key);
    }
    return users.stream()
        .filter(notCreated::containsKey)
        .findFirst()
        .map(
            user ->
                "%s. User %s could not be created there: %s"
                    .formatted(said, user, notCreated.get(user)))
        .orElseGet(
            () ->
                "%s. Users are not streamed: create %s there, or say in %s what becomes of links to users (users.missing, users.map)"
                    .formatted(said, what, key));
  }

  private List<Link> links(ObjectNode document) {
    return target.links(document).stream()
        .filter(link -> link.target().doctype().equals(USER))
        .toList();
  }

  private static String name(Link link) {
    return link.target().name();
  }

  /**
   * A user without roles and without a password, who can only be linked to. A site makes the first
   * and last name of the user's Contact from those of the user: they are the Contact's own where a
   * Contact links to the user.
   */
  private static ObjectNode linkTarget(String user, ObjectNode person) {
    int at = user.indexOf('@');
    String first = person.path(FIRST_NAME).asText("");
    String account = at > 0 ? user.substring(0, at) : user;
    return JsonNodeFactory.instance
        .objectNode()
        .put("doctype", USER)
        .put("email", user)
        .put(FIRST_NAME, first.isEmpty() ? account : first)
        .put("last_name", first.isEmpty() ? "" : person.path("last_name").asText(""))
        .put("user_type", "Website User")
        .put("enabled", 1)
        .put("send_welcome_email", 0);
  }

  /** A table field, and the type of its rows. */
  private record Row(String table, DocType type) {}
}
