package org.eventstreaming.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.eventstreaming.stream.TargetSiteTest.find;
import static org.eventstreaming.stream.TargetSiteTest.names;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.eventstreaming.producer.EventProducer;
import org.eventstreaming.producer.LinkedUsers;
import org.eventstreaming.producer.LinkedUsers.Missing;
import org.eventstreaming.producer.NameTaken;
import org.eventstreaming.producer.ProducerDoctype;
import org.eventstreaming.producer.Source;
import org.eventstreaming.producer.TargetSite;
import org.eventstreaming.producer.TestRow;
import org.eventstreaming.standin.Fault;
import org.eventstreaming.standin.Generation;
import org.eventstreaming.standin.StandInSite;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Users are never streamed; links to them are settled by the site file of the target. */
class LinkedUsersTest {
  private static final String TASK =
      "{'name': 'Task', 'doctype': 'DocType', 'autoname': 'prompt', 'fields': ["
          + "{'fieldname': 'title', 'fieldtype': 'Data', 'label': 'Title'},"
          + "{'fieldname': 'allocated_to', 'fieldtype': 'Link', 'options': 'User', 'label': 'Allocated To'},"
          + "{'fieldname': 'about_type', 'fieldtype': 'Link', 'options': 'DocType', 'label': 'About Type'},"
          + "{'fieldname': 'about', 'fieldtype': 'Dynamic Link', 'options': 'about_type', 'label': 'About'},"
          + "{'fieldname': 'seen_by', 'fieldtype': 'Table MultiSelect', 'options': 'Task Seen By', 'label': 'Seen By'},"
          + "{'fieldname': 'helpers', 'fieldtype': 'Table', 'options': 'Task Assistant', 'label': 'Helpers'}]}";
  private static final String SEEN_BY =
      "{'name': 'Task Seen By', 'doctype': 'DocType', 'istable': 1, 'fields': ["
          + "{'fieldname': 'user', 'fieldtype': 'Link', 'options': 'User', 'label': 'User'}]}";
  private static final String ASSISTANT =
      "{'name': 'Task Assistant', 'doctype': 'DocType', 'istable': 1, 'fields': ["
          + "{'fieldname': 'user', 'fieldtype': 'Link', 'options': 'User', 'label': 'User'},"
          + "{'fieldname': 'hours', 'fieldtype': 'Float', 'label': 'Hours'}]}";
  private static final String USER =
      "{'name': 'User', 'doctype': 'DocType', 'autoname': 'field:email', 'fields': ["
          + "{'fieldname': 'email', 'fieldtype': 'Data', 'label': 'Email', 'reqd': 1},"
          + "{'fieldname': 'first_name', 'fieldtype': 'Data', 'label': 'First Name', 'reqd': 1},"
          + "{'fieldname': 'last_name', 'fieldtype': 'Data', 'label': 'Last Name'},"
          + "{'fieldname': 'user_type', 'fieldtype': 'Data', 'label': 'User Type'},"
          + "{'fieldname': 'enabled', 'fieldtype': 'Check', 'label': 'Enabled'},"
          + "{'fieldname': 'send_welcome_email', 'fieldtype': 'Check', 'label': 'Welcome', 'default': '1'}]}";
  private static final String CONTACT =
      "{'name': 'Contact', 'doctype': 'DocType', 'autoname': 'prompt', 'fields': ["
          + "{'fieldname': 'first_name', 'fieldtype': 'Data', 'label': 'First Name'},"
          + "{'fieldname': 'last_name', 'fieldtype': 'Data', 'label': 'Last Name'},"
          + "{'fieldname': 'user', 'fieldtype': 'Link', 'options': 'User', 'label': 'User'}]}";
  private static final String BY_ALL =
      "{'name': 'T', 'title': 't', 'allocated_to': 'a@child.example', 'about_type': 'User',"
          + " 'about': 'x@child.example', 'seen_by': ["
          + "{'name': 's1', 'doctype': 'Task Seen By', 'user': 'x@child.example'},"
          + "{'name': 's2', 'doctype': 'Task Seen By', 'user': 'b@both.example'},"
          + "{'name': 's3', 'doctype': 'Task Seen By', 'user': 'Administrator'}], 'helpers': ["
          + "{'name': 'h1', 'doctype': 'Task Assistant', 'user': 'x@child.example', 'hours': 2}]}";

  private final StandInSite hq = site(Generation.V15_APP);
  private final StandInSite branch = site(Generation.STOCK_15);

  @BeforeEach
  void fill() {
    for (String user :
        List.of("a@child.example", "x@child.example", "b@both.example", "Administrator")) {
      hq.put("User", Here.json("{'name': '%s', 'email': '%s'}".formatted(user, user)));
    }
    for (String user : List.of("a@main.example", "b@both.example", "Administrator")) {
      branch.put("User", Here.json("{'name': '%s', 'email': '%s'}".formatted(user, user)));
    }
  }

  @AfterEach
  void close() {
    hq.close();
    branch.close();
  }

  @Test
  void a_user_that_is_not_there_fails_the_document_with_the_key_that_settles_it() {
    try (TestStream stream = start(LinkedUsers.AS_THEY_ARE)) {
      hq.insert("Task", Here.json(BY_ALL));
      branch.forgetRequests();
      stream.pull();

      assertThat(error(stream))
          .contains("417 Could not find Allocated To: a@child.example")
          .contains("Users are not streamed: create a@child.example, x@child.example there")
          .contains("users of the site file branch", "users.missing, users.map");
      assertThat(branch.requests()).noneMatch(one -> one.uri().contains("/User"));
    }
  }

  @Test
  void mapped_users_get_their_names_there_and_others_are_left_out() {
    EventProducer producer = producer(leftOut());
    try (TestStream stream = start(producer)) {
      hq.insert("Task", Here.json(BY_ALL));
      branch.forgetRequests();
      stream.pull();

      ObjectNode task = find(branch, "Task", "T");
      assertThat(task.path("allocated_to").asText()).isEqualTo("a@main.example");
      assertThat(task.path("about").asText("")).isEmpty();
      assertThat(users(task, "seen_by")).containsExactly("b@both.example", "Administrator");
      assertThat(users(task, "helpers")).containsExactly("");
      assertThat(task.path("helpers").get(0).path("hours").asInt()).isEqualTo(2);
      assertThat(stream.database().rows("select status, note from event_sync_log"))
          .containsExactly(
              List.of(
                  "Synced",
                  "Left out, as the site has no such user: about x@child.example, user x@child.example."));
      assertThat(branch.requests().stream().filter(one -> one.uri().contains("/User?")))
          .as("lists of users")
          .hasSize(1);

      assertThat(Reported.by(stream, producer, false, false, "Task").differences()).isEmpty();
      List<String> rows = rowNames(task);
      hq.update("Task", "T", Here.json("{'title': 'u'}"));
      stream.pull();

      task = find(branch, "Task", "T");
      assertThat(task.path("title").asText()).isEqualTo("u");
      assertThat(rowNames(task)).isEqualTo(rows);
      assertThat(task.path("allocated_to").asText()).isEqualTo("a@main.example");
      assertThat(Reported.by(stream, producer, false, false, "Task").differences()).isEmpty();
    }
  }

  @Test
  void what_the_site_has_in_place_of_a_user_that_is_left_out_stays() {
    EventProducer producer = producer(leftOut());
    try (TestStream stream = start(producer)) {
      hq.insert("Task", Here.json("{'name': 'T', 'allocated_to': 'x@child.example'}"));
      stream.pull();
      branch.dbSet("Task", "T", Here.json("{'allocated_to': 'b@both.example'}"), true);

      assertThat(Reported.by(stream, producer, false, false, "Task").differences()).isEmpty();
      Reported.by(stream, producer, true, false, "Task");
      hq.update("Task", "T", Here.json("{'title': 'u'}"));
      stream.pull();

      assertThat(find(branch, "Task", "T").path("title").asText()).isEqualTo("u");
      assertThat(find(branch, "Task", "T").path("allocated_to").asText())
          .isEqualTo("b@both.example");

      hq.update("Task", "T", Here.json("{'allocated_to': 'a@child.example'}"));
      stream.pull();

      assertThat(find(branch, "Task", "T").path("allocated_to").asText())
          .isEqualTo("a@main.example");
    }
  }

  @Test
  void an_address_that_is_mapped_is_not_mapped_a_second_time() {
    EventProducer producer =
        producer(
            new LinkedUsers(
                Missing.FAIL,
                Map.of("a@child.example", "b@both.example", "b@both.example", "a@main.example")));
    try (TestStream stream = start(producer)) {
      hq.insert("Task", Here.json("{'name': 'T', 'allocated_to': 'a@child.example'}"));
      stream.pull();
      hq.update("Task", "T", Here.json("{'title': 'u'}"));
      stream.pull();

      assertThat(find(branch, "Task", "T").path("title").asText()).isEqualTo("u");
      assertThat(find(branch, "Task", "T").path("allocated_to").asText())
          .isEqualTo("b@both.example");
      assertThat(Reported.by(stream, producer, false, false, "Task").differences()).isEmpty();
    }
  }

  @Test
  void a_document_that_is_adopted_gets_mapped_users_and_keeps_its_own_for_those_left_out() {
    EventProducer producer = producer(leftOut());
    try (TestStream stream = start(producer)) {
      branch.put("Task", Here.json("{'name': 'T', 'allocated_to': 'b@both.example'}"));
      branch.put("Task", Here.json("{'name': 'U', 'allocated_to': 'b@both.example'}"));
      hq.insert(
          "Task", Here.json("{'name': 'T', 'title': 't', 'allocated_to': 'a@child.example'}"));
      hq.insert(
          "Task", Here.json("{'name': 'U', 'title': 'u', 'allocated_to': 'x@child.example'}"));
      stream.pull();

      assertThat(find(branch, "Task", "T").path("allocated_to").asText())
          .isEqualTo("a@main.example");
      assertThat(find(branch, "Task", "U").path("allocated_to").asText())
          .isEqualTo("b@both.example");
      assertThat(find(branch, "Task", "U").path("title").asText()).isEqualTo("u");
      assertThat(stream.database().count("document_link where rewritten is not null")).isZero();
      assertThat(Reported.by(stream, producer, false, false, "Task").differences()).isEmpty();
    }
  }

  @Test
  void users_that_are_linked_are_created_once_and_can_do_nothing_there() {
    try (TestStream stream = start(producer(new LinkedUsers(Missing.CREATE, Map.of())))) {
      hq.insert("Task", Here.json(BY_ALL));
      hq.insert("Task", Here.json("{'name': 'U', 'allocated_to': 'x@child.example'}"));
      branch.forgetRequests();
      stream.pull();

      assertThat(names(branch, "User"))
          .containsExactlyInAnyOrder(
              "Administrator",
              "a@main.example",
              "b@both.example",
              "a@child.example",
              "x@child.example");
      ObjectNode created = find(branch, "User", "x@child.example");
      assertThat(created.path("user_type").asText()).isEqualTo("Website User");
      assertThat(created.path("first_name").asText()).isEqualTo("x");
      assertThat(created.path("enabled").asInt()).isEqualTo(1);
      assertThat(created.path("send_welcome_email").asInt()).isZero();
      assertThat(created.has("roles")).isFalse();
      assertThat(find(branch, "Task", "U").path("allocated_to").asText())
          .isEqualTo("x@child.example");
      assertThat(stream.database().count("event_sync_log where status <> 'Synced'")).isZero();
    }
  }

  @Test
  void a_user_that_is_created_bears_the_name_of_the_contact_that_links_to_it() {
    for (StandInSite site : List.of(hq, branch)) {
      site.putDocType(Here.json(CONTACT));
    }
    EventProducer producer =
        producer(
            new LinkedUsers(Missing.CREATE, Map.of()), TestRow.of("Task"), TestRow.of("Contact"));
    try (TestStream stream = start(producer)) {
      hq.insert("Task", Here.json("{'name': 'T', 'allocated_to': 'a@child.example'}"));
      hq.insert(
          "Contact",
          Here.json(
              "{'name': 'C', 'first_name': 'Ada', 'last_name': 'Bell', 'user': 'a@child.example'}"));
      hq.insert(
          "Contact", Here.json("{'name': 'D', 'first_name': 'Xu', 'user': 'x@child.example'}"));
      stream.pull();

      ObjectNode ada = find(branch, "User", "a@child.example");
      assertThat(ada.path("first_name").asText()).isEqualTo("Ada");
      assertThat(ada.path("last_name").asText()).isEqualTo("Bell");
      ObjectNode xu = find(branch, "User", "x@child.example");
      assertThat(xu.path("first_name").asText()).isEqualTo("Xu");
      assertThat(xu.path("last_name").asText("")).isEmpty();
    }
  }

  @Test
  void a_user_whom_no_contact_names_is_called_like_the_account() {
    try (TestStream stream = start(new LinkedUsers(Missing.CREATE, Map.of()))) {
      hq.insert("Task", Here.json("{'name': 'T', 'allocated_to': 'a@child.example'}"));
      stream.pull();

      ObjectNode created = find(branch, "User", "a@child.example");
      assertThat(created.path("first_name").asText()).isEqualTo("a");
      assertThat(created.path("last_name").asText("")).isEmpty();
    }
  }

  @Test
  void a_user_that_the_site_does_not_create_is_reported_in_its_words() {
    try (TestStream stream = start(producer(new LinkedUsers(Missing.CREATE, Map.of())))) {
      branch.fail(
          5, one -> one.method().equals("POST") && one.uri().endsWith("/User"), Fault.forbidden());
      hq.insert("Task", Here.json("{'name': 'T', 'allocated_to': 'x@child.example'}"));
      stream.pull();

      assertThat(error(stream))
          .contains("Could not find Allocated To: x@child.example")
          .contains("User x@child.example could not be created there: 403");
    }
  }

  @Test
  void a_key_that_may_not_list_users_is_reported_with_the_document_that_is_refused() {
    branch.forbidden("User");
    try (TestStream stream = start(producer(leftOut()))) {
      hq.insert("Task", Here.json("{'name': 'T', 'allocated_to': 'x@child.example'}"));
      hq.insert("Task", Here.json("{'name': 'V', 'allocated_to': 'a@child.example'}"));
      stream.pull();

      assertThat(find(branch, "Task", "V").path("allocated_to").asText())
          .isEqualTo("a@main.example");
      assertThat(error(stream))
          .contains("The users there could not be listed (403", "a role that may read User");
    }
  }

  private static LinkedUsers leftOut() {
    return new LinkedUsers(Missing.LEAVE_OUT, Map.of("a@child.example", "a@main.example"));
  }

  private TestStream start(LinkedUsers users) {
    return start(producer(users));
  }

  private static TestStream start(EventProducer producer) {
    TestStream stream = new TestStream.Builder().and(producer).attempts(1).start();
    stream.pull();
    return stream;
  }

  private EventProducer producer(LinkedUsers users) {
    return producer(users, TestRow.of("Task").ifTaken(NameTaken.ADOPT));
  }

  private EventProducer producer(LinkedUsers users, TestRow... rows) {
    TargetSite plain = TargetSiteTest.target(branch);
    return TargetSiteTest.producer(
        hq,
        Source.UPDATE_LOG,
        new TargetSite(plain.name(), plain.access(), plain.convertsTimes(), users, plain.rules()),
        Stream.of(rows).map(TestRow::row).toArray(ProducerDoctype[]::new));
  }

  private static String error(TestStream stream) {
    return String.valueOf(
        stream.database().value("select error from event_sync_log where status = 'Failed'"));
  }

  private static List<String> users(ObjectNode task, String table) {
    List<String> users = new ArrayList<>();
    for (JsonNode row : task.path(table)) {
      users.add(row.path("user").asText(""));
    }
    return users;
  }

  private static List<String> rowNames(ObjectNode task) {
    List<String> names = new ArrayList<>();
    for (String table : List.of("seen_by", "helpers")) {
      task.path(table).forEach(row -> names.add(row.path("name").asText()));
    }
    return names;
  }

  private static StandInSite site(Generation generation) {
    StandInSite site = StandInSite.start(generation);
    if (generation.streams()) {
      site.approveAll();
    }
    for (String type : List.of(TASK, SEEN_BY, ASSISTANT, USER)) {
      site.putDocType(Here.json(type));
    }
    return site;
  }
}
