package org.eventstreaming.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.eventstreaming.stream.Here.json;

import ch.qos.logback.classic.Level;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.eventstreaming.producer.Read;
import org.eventstreaming.standin.Generation;
import org.eventstreaming.standin.StandInSite;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whoever works on one database is one Event Consumer of each producer. */
class IdentityTest {
  private static final String OLD = "http://old.example:8080";
  private static final String NEW = "https://new.example";

  private final StandInSite site = StandInSite.start(Generation.V15_APP);
  private final TestDatabase database = TestDatabase.create();

  @AfterEach
  void close() {
    database.close();
    site.close();
  }

  @Test
  void a_process_that_serves_nothing_never_registers_port_0() {
    try (Running command = running(following())) {
      command.stream().pull();
    }

    assertThat(site.consumers()).hasSize(1).noneMatch(url -> url.endsWith(":0"));
    assertThat(kept()).isEqualTo(site.consumers().get(0));
  }

  @ParameterizedTest
  @EnumSource(Read.class)
  void a_command_beside_a_running_instance_is_the_same_consumer(Read read) {
    try (Running running = running(following(read).serving())) {
      running.stream().pull();
      site.approve(running.stream().url());
      site.insert("ToDo", json("{'name': 'TODO-1'}"));

      try (Running command = running(following(read))) {
        command.stream().pull();
      }

      assertThat(site.consumers()).containsExactly(running.stream().url());
      assertThat(new Here(database).names("ToDo")).containsExactly("TODO-1");
    }
  }

  @Test
  void a_second_instance_on_the_same_database_is_the_same_consumer() {
    site.putDocType(renamable());
    try (Running first = running(following().serving());
        Running second = running(following().serving())) {
      first.stream().pull();
      second.stream().pull();
      first.stream().pull();

      assertThat(second.stream().url()).isNotEqualTo(first.stream().url());
      assertThat(site.consumers()).containsExactly(first.stream().url());
    }
  }

  @Test
  void a_port_that_changed_is_changed_there() {
    site.putDocType(renamable());
    try (Running first = running(following().serving())) {
      first.stream().pull();
    }

    try (Running second = running(following().serving())) {
      second.stream().pull();

      assertThat(site.consumers()).containsExactly(second.stream().url());
    }
  }

  @Test
  void an_address_that_is_configured_anew_is_changed_there_with_its_approvals() {
    site.putDocType(renamable());
    registeredAsOld();

    try (Running now = running(following().url(NEW))) {
      now.stream().pull();
      site.insert("ToDo", json("{'name': 'TODO-1'}"));
      now.stream().pull();
    }

    assertThat(site.consumers()).containsExactly(NEW);
    assertThat(kept()).isEqualTo(NEW);
    assertThat(new Here(database).names("ToDo")).containsExactly("TODO-1");
  }

  @Test
  void a_site_that_lets_no_consumer_be_renamed_goes_on_under_the_old_address_which_is_said_once() {
    registeredAsOld();

    try (LogLines log = LogLines.open();
        Running now = running(following().url(NEW))) {
      now.stream().pull();
      site.insert("ToDo", json("{'name': 'TODO-1'}"));
      now.stream().pull();

      assertThat(log.at(Level.WARN, "Could not change our call-back address"))
          .singleElement()
          .asString()
          .contains(site.url(), OLD, NEW, "not allowed to be renamed")
          .contains("delete the Event Consumer " + OLD, "have to be approved");
      assertThat(site.consumers()).containsExactly(OLD);
      assertThat(new Here(database).names("ToDo")).containsExactly("TODO-1");

      site.forget(OLD);
      now.stream().pull();

      assertThat(site.consumers()).containsExactly(NEW);
    }
  }

  @Test
  void once_the_old_one_is_deleted_there_the_new_address_is_registered() {
    registeredAsOld();
    site.forget(OLD);

    try (Running now = running(following().url(NEW))) {
      now.stream().pull();
    }

    assertThat(site.consumers()).containsExactly(NEW);
    assertThat(kept()).isEqualTo(NEW);
  }

  @Test
  void a_command_registers_a_consumer_that_was_deleted_there_under_the_address_it_had() {
    registeredAsOld();
    site.forget(OLD);

    try (Running command = running(following())) {
      command.stream().pull();
    }

    assertThat(site.consumers()).containsExactly(OLD);
  }

  @Test
  void of_two_processes_with_two_addresses_the_one_that_began_last_changes_it_once() {
    site.putDocType(renamable());
    try (Running first = running(following().url(OLD));
        Running second = running(following().url(NEW))) {
      first.stream().pull();
      second.stream().pull();
      first.stream().pull();
      second.stream().pull();
      first.stream().pull();

      assertThat(site.consumers()).containsExactly(NEW);
    }
  }

  private void registeredAsOld() {
    try (Running before = running(following().url(OLD))) {
      before.stream().pull();
      site.approve(OLD);
      before.stream().pull();
    }
  }

  private static ObjectNode renamable() {
    return json(
        "{'name': 'Event Consumer', 'allow_rename': 1, 'autoname': 'field:callback_url',"
            + " 'fields': [{'fieldname': 'callback_url', 'fieldtype': 'Data'}]}");
  }

  private @Nullable String kept() {
    return database.value("select callback_url from event_producer");
  }

  private TestStream.Builder following() {
    return following(Read.LIST);
  }

  private TestStream.Builder following(Read read) {
    return TestStream.following(site, read, TestStream.sameName("ToDo"));
  }

  private Running running(TestStream.Builder builder) {
    return new Running(builder.start(database));
  }

  /** Stops the stream, keeps the database. */
  private record Running(TestStream stream) implements AutoCloseable {
    @Override
    public void close() {
      stream.application().close();
    }
  }
}
