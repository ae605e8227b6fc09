package org.eventstreaming.stream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.eventstreaming.producer.ProducerDoctype;
import org.eventstreaming.producer.Read;
import org.eventstreaming.producer.Source;
import org.eventstreaming.producer.TestRow;
import org.eventstreaming.standin.Fault;
import org.eventstreaming.standin.Generation;
import org.eventstreaming.standin.Request;
import org.eventstreaming.standin.StandInSite;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Files that are attached to documents come with them, where the producer file says so. */
class AttachmentsTest {
  private static final long LIMIT = 1_000;
  private static final Duration LATER = Duration.ofMinutes(2);

  @TempDir Path data;

  @Test
  void public_and_private_files_are_copied_byte_for_byte() throws IOException {
    try (StandInSite site = site();
        TestStream stream = following(site).start()) {
      site.insert("Note", note("n1"));
      byte[] content = new byte[900];
      for (int i = 0; i < content.length; i++) {
        content[i] = (byte) i;
      }
      site.attach("Note", "n1", "", "plan é #1.bin", false, content);
      site.attach("Note", "n1", "scan", "secret.txt", true, bytes("secret"));
      stream.pull();

      List<List<@Nullable String>> files =
          stream
              .database()
              .rows(
                  "select file_name, field, is_private, size, state, path from document_attachment"
                      + " where doctype = 'Note' and name = 'n1' order by file_name");
      assertThat(files)
          .extracting(row -> row.subList(0, 5))
          .containsExactly(
              List.of("plan é #1.bin", "", "f", "900", "Copied"),
              List.of("secret.txt", "scan", "t", "6", "Copied"));
      assertThat(Files.readAllBytes(data.resolve(String.valueOf(files.get(0).get(5)))))
          .isEqualTo(content);
      assertThat(data.resolve(String.valueOf(files.get(1).get(5)))).hasContent("secret");
      assertThat(calls(site, "/files/"))
          .singleElement()
          .satisfies(call -> assertThat(call.headers()).doesNotContainKey("authorization"));
      assertThat(calls(site, "/private/files/")).hasSize(1);

      stream.pull();
      assertThat(calls(site, "/files/")).as("not copied again").hasSize(1);
    }
  }

  @Test
  void without_the_key_no_site_is_asked_for_files() {
    try (StandInSite site = site();
        TestStream stream =
            TestStream.following(site, TestStream.sameName("Note")).dataDir(data).start()) {
      site.insert("Note", note("n1"));
      site.attach("Note", "n1", "", "a.txt", false, bytes("a"));
      stream.pull();

      assertThat(stream.database().count("document")).isEqualTo(1);
      assertThat(site.requests()).noneMatch(call -> (call.uri() + call.body()).contains("File"));
      assertThat(contents()).isEmpty();
    }
  }

  @Test
  void the_same_content_is_kept_once_and_until_nobody_needs_it() {
    try (StandInSite site = site();
        TestStream stream = following(site).start()) {
      stream.pull();
      site.insert("Note", note("n1"));
      site.insert("Note", note("n2"));
      String first = name(site.attach("Note", "n1", "", "a.txt", false, bytes("same")));
      site.attach("Note", "n2", "", "b.txt", true, bytes("same"));
      stream.pull();

      assertThat(states(stream)).containsExactly("Copied", "Copied");
      assertThat(contents()).hasSize(1);

      site.delete("File", first);
      stream.pull();
      assertThat(states(stream)).containsExactly("Copied");
      assertThat(contents()).hasSize(1);

      site.delete("Note", "n2");
      stream.pull();
      assertThat(states(stream)).isEmpty();
      assertThat(contents()).isEmpty();
    }
  }

  @Test
  void a_file_that_went_without_a_trace_is_missed_within_a_day() {
    try (StandInSite site = site();
        TestStream stream = following(site).start()) {
      site.insert("Note", note("n1"));
      String file = name(site.attach("Note", "n1", "", "a.txt", false, bytes("a")));
      stream.pull();

      site.remove("File", file);
      stream.pull();
      assertThat(states(stream)).containsExactly("Copied");

      stream.clock().advance(Duration.ofHours(25));
      stream.pull();
      assertThat(states(stream)).isEmpty();
      assertThat(contents()).isEmpty();
    }
  }

  @Test
  void what_is_too_large_is_left_with_a_note_until_the_limit_is_raised() {
    try (StandInSite site = site()) {
      // the second stream closes it
      TestDatabase database = TestDatabase.create();
      site.insert("Note", note("n1"));
      site.attach("Note", "n1", "", "known.bin", false, new byte[1_001]);
      String unknown = name(site.attach("Note", "n1", "", "unknown.bin", false, new byte[1_002]));
      site.dbSet("File", unknown, Here.json("{'file_size': 0, 'content_hash': ''}"), false);
      site.attach("Note", "n1", "", "just.bin", false, new byte[1_000]);
      TestStream small = following(site).start(database);
      small.pull();
      small.pull();

      assertThat(database.rows("select file_name, state, note from attachment order by file_name"))
          .extracting(row -> row.get(0) + " " + row.get(1))
          .containsExactly("just.bin Copied", "known.bin Left", "unknown.bin Left");
      assertThat(database.count("attachment where note like '%attachments_limit%'")).isEqualTo(2);
      assertThat(calls(site, "/files/known.bin")).isEmpty();
      assertThat(calls(site, "/files/unknown.bin")).hasSize(1);
      assertThat(contents()).hasSize(1);
      small.application().close();

      try (TestStream large =
          TestStream.following(site, TestRow.of("Note").withAttachments(2_000).row())
              .dataDir(data)
              .start(database)) {
        large.pull();
        assertThat(states(large)).containsExactly("Copied", "Copied", "Copied");
      }
    }
  }

  @Test
  void a_file_waits_for_its_document_and_follows_its_names() {
    try (StandInSite site = site();
        TestStream stream =
            TestStream.following(
                    site,
                    TestRow.of("Note").where("doc.title == 'yes'").withAttachments(LIMIT).row())
                .reconciling()
                .dataDir(data)
                .start()) {
      stream.pull();
      site.insert("Note", Here.json("{'name': 'n1', 'title': 'no'}"));
      site.attach("Note", "n1", "", "a.txt", false, bytes("a"));
      stream.pull();
      assertThat(states(stream)).containsExactly("Waiting");
      assertThat(calls(site, "/files/")).isEmpty();

      site.update("Note", "n1", Here.json("{'title': 'yes'}"));
      stream.pull();
      assertThat(states(stream)).containsExactly("Copied");

      site.rename("Note", "n1", "n2");
      stream.reconcile();
      stream.pull();
      assertThat(stream.database().rows("select name, state from document_attachment"))
          .containsExactly(List.of("n2", "Copied"));
      assertThat(calls(site, "/files/")).hasSize(1);
    }
  }

  @Test
  void a_file_that_changed_is_copied_anew_and_the_old_content_goes() {
    try (StandInSite site = site();
        TestStream stream = following(site).start()) {
      site.insert("Note", note("n1"));
      String file = name(site.attach("Note", "n1", "", "a.txt", false, bytes("old")));
      stream.pull();

      site.content("/files/a.txt", bytes("newer"));
      site.update(
          "File",
          file,
          Here.json("{'file_size': 5, 'content_hash': '9c8f9d8d0d6d9b2a1b6d5a8b2b0e1f00'}"));
      stream.pull();

      assertThat(states(stream)).containsExactly("Copied");
      assertThat(contents()).singleElement().satisfies(one -> assertThat(one).hasContent("newer"));
    }
  }

  @Test
  void a_broken_transfer_and_a_silent_site_cost_nothing_but_time() {
    try (StandInSite site = site();
        TestStream stream = following(site).start()) {
      site.insert("Note", note("n1"));
      for (int i = 0; i < 5; i++) {
        site.attach("Note", "n1", "", i + ".txt", false, bytes("content " + i));
      }
      site.fail(at("/files/1.txt"), new Fault.CutAfterBytes(3));
      site.fail(at("/files/2.txt"), new Fault.Instead(500, Map.of(), "{}"));
      site.fail(at("/files/3.txt"), new Fault.LostAnswer());
      stream.pull();

      assertThat(states(stream))
          .containsExactly("Copied", "Waiting", "Waiting", "Waiting", "Waiting");
      assertThat(contents()).as("nothing half").hasSize(1);
      assertThat(stream.database().count("event_producer where last_error is not null"))
          .as("the stream did not fail")
          .isZero();

      stream.pull();
      assertThat(states(stream))
          .as("those that failed themselves wait a minute")
          .containsExactly("Copied", "Waiting", "Waiting", "Copied", "Copied");

      stream.clock().advance(LATER);
      stream.pull();
      assertThat(states(stream)).containsOnly("Copied").hasSize(5);
      assertThat(contents()).hasSize(5);
      assertThat(data.resolve("files/incoming")).isEmptyDirectory();
    }
  }

  @Test
  void a_content_that_its_site_lost_is_noted_and_holds_up_no_other() {
    try (StandInSite site = site();
        TestStream stream = following(site).start()) {
      site.insert("Note", note("n1"));
      site.attach("Note", "n1", "", "a.txt", false, bytes("a"));
      site.attach("Note", "n1", "", "b.txt", true, bytes("b"));
      site.attach("Note", "n1", "", "c.txt", true, bytes("c"));
      site.loseContent("/files/a.txt");
      site.loseContent("/private/files/b.txt");
      stream.pull();

      assertThat(states(stream)).containsExactly("Waiting", "Waiting", "Copied");
      assertThat(stream.database().count("attachment where note like '%404%'")).isEqualTo(2);
    }
  }

  @Test
  void hostile_names_and_addresses_reach_nothing() throws IOException {
    try (StandInSite site = site();
        StandInSite elsewhere = site();
        TestStream stream = following(site).start()) {
      site.insert("Note", note("n1"));
      elsewhere.content("/files/x", bytes("x"));
      elsewhere.forgetRequests();
      for (String url :
          List.of(
              "/files/../../etc/passwd",
              "/private/files/../../../site_config.json",
              "/files/..",
              "/files//etc/passwd",
              "/api/method/frappe.client.delete",
              "file:///etc/passwd",
              "//127.0.0.1/files/x",
              "@127.0.0.1/files/x",
              elsewhere.url() + "/files/x",
              "")) {
        String file = name(site.attach("Note", "n1", "", "a.txt", false, bytes("a")));
        ObjectNode hostile = Here.json("{'file_name': '../../../../etc/passwd'}");
        site.dbSet("File", file, hostile.put("file_url", url), false);
      }
      String named = name(site.attach("Note", "n1", "", "b.txt", true, bytes("b")));
      site.dbSet("File", named, Here.json("{'file_name': '../../../../../../tmp/hostile'}"), false);
      site.forgetRequests();
      stream.pull();

      assertThat(elsewhere.requests()).isEmpty();
      assertThat(stream.database().count("attachment where state = 'Left'")).isEqualTo(10);
      assertThat(site.requests())
          .filteredOn(call -> call.uri().contains("/files/"))
          .extracting(Request::uri)
          .containsExactly("/private/files/b.txt");
      assertThat(contents()).singleElement().satisfies(one -> assertThat(one).hasContent("b"));
      try (Stream<Path> all = Files.list(data)) {
        assertThat(all).containsExactly(data.resolve("files"));
      }
    }
  }

  @Test
  void a_site_that_does_not_show_its_files_is_followed_all_the_same() {
    try (StandInSite site = site().forbidden("File");
        TestStream stream = following(site).start()) {
      site.insert("Note", note("n1"));
      stream.pull();

      assertThat(stream.database().count("document")).isEqualTo(1);
      assertThat(stream.database().count("attachment")).isZero();
      assertThat(stream.database().count("event_producer where last_error is not null")).isZero();
    }
  }

  @Test
  void many_files_come_page_by_page() {
    try (StandInSite site = site();
        TestStream stream = following(site).start()) {
      site.insert("Note", note("n1"));
      for (int i = 0; i < 1_050; i++) {
        site.attach("Note", "n1", "", i + ".txt", false, bytes("content " + i % 50));
      }
      stream.pull();

      assertThat(states(stream)).containsOnly("Copied").hasSize(1_050);
      assertThat(contents()).hasSize(50);
    }
  }

  @ParameterizedTest(name = "to {0}")
  @EnumSource(names = {"STOCK_13", "STOCK_14", "STOCK_15"})
  void files_go_to_the_target_site_once_whatever_answer_is_lost(Generation generation) {
    try (StandInSite hq = site();
        StandInSite branch = StandInSite.start(generation);
        TestStream stream = joined(hq, branch).start()) {
      hq.insert("Note", note("n1"));
      stream.pull();
      hq.attach("Note", "n1", "", "a \"b\" é.txt", true, bytes("private\r\n--\0content"));
      String second = name(hq.attach("Note", "n1", "", "b.txt", false, bytes("public")));
      branch.fail(request -> request.cmd().equals("upload_file"), new Fault.LostAnswer());
      stream.pull();
      stream.clock().advance(LATER);
      stream.pull();
      stream.pull();

      List<ObjectNode> files = branch.documents("File");
      assertThat(files)
          .extracting(
              file -> file.path("file_name").asText(),
              file -> file.path("is_private").asInt(),
              file -> file.path("attached_to_name").asText())
          .containsExactlyInAnyOrder(
              tuple("a \"b\" é.txt", 1, there(branch)), tuple("b.txt", 0, there(branch)));
      assertThat(branch.content("/private/files/a \"b\" é.txt"))
          .hasValueSatisfying(
              content -> assertThat(content).isEqualTo(bytes("private\r\n--\0content")));
      assertThat(stream.database().rows("select state, target_url from attachment order by 2"))
          .containsExactly(
              List.of("Copied", "/files/b.txt"), List.of("Copied", "/private/files/a \"b\" é.txt"));
      assertThat(contents()).as("nothing is kept here").isEmpty();

      hq.delete("File", second);
      stream.pull();
      assertThat(branch.documents("File")).hasSize(1);

      hq.delete("Note", "n1");
      stream.pull();
      assertThat(branch.documents("File")).isEmpty();
      assertThat(states(stream)).isEmpty();
    }
  }

  @Test
  void a_picture_that_the_target_changes_as_it_takes_it_is_not_sent_twice() {
    try (StandInSite hq = site();
        StandInSite branch = StandInSite.start(Generation.STOCK_15);
        TestStream stream = joined(hq, branch).start()) {
      hq.insert("Note", note("n1"));
      stream.pull();
      hq.attach("Note", "n1", "", "a.jpg", false, bytes("picture"));
      branch.fail(request -> request.cmd().equals("upload_file"), new Fault.LostAnswer());
      stream.pull();
      branch.dbSet(
          "File",
          name(branch.documents("File").get(0)),
          Here.json("{'content_hash': 'another'}"),
          false);
      stream.pull();

      assertThat(branch.documents("File")).hasSize(1);
      assertThat(states(stream)).containsExactly("Copied");
    }
  }

  @Test
  void a_field_names_its_file_by_the_address_that_it_has_on_the_target() {
    try (StandInSite hq = site();
        StandInSite branch = StandInSite.start(Generation.STOCK_15);
        TestStream stream = joined(hq, branch).start()) {
      branch.put("Other", Here.json("{'name': 'o'}"));
      branch.attach("Other", "o", "", "a.png", false, bytes("another picture"));
      hq.insert("Note", note("n1"));
      hq.attach("Note", "n1", "scan", "a.png", false, bytes("picture"));
      hq.update("Note", "n1", Here.json("{'scan': '/files/a.png'}"));
      stream.pull();

      String url = branch.documents("Note").get(0).path("scan").asText();
      assertThat(url).startsWith("/files/a").isNotEqualTo("/files/a.png");
      assertThat(branch.content(url))
          .hasValueSatisfying(content -> assertThat(content).isEqualTo(bytes("picture")));

      hq.update("Note", "n1", Here.json("{'title': 'changed'}"));
      stream.pull();
      assertThat(branch.documents("Note").get(0).path("title").asText()).isEqualTo("changed");
      assertThat(branch.documents("Note").get(0).path("scan").asText()).isEqualTo(url);
    }
  }

  @Test
  void sites_joined_in_both_directions_send_no_file_back() {
    try (StandInSite one = stock();
        StandInSite other = stock();
        TestStream stream =
            new TestStream.Builder()
                .and(
                    TargetSiteTest.producer(
                        one, Source.MODIFIED, TargetSiteTest.target(other), row()))
                .and(
                    TargetSiteTest.producer(
                        other, Source.MODIFIED, TargetSiteTest.target(one), row()))
                .dataDir(data)
                .start()) {
      stream.pull();
      one.insert("Note", note("n1"));
      one.attach("Note", "n1", "", "a.txt", false, bytes("a"));
      for (int i = 0; i < 4; i++) {
        stream.clock().advance(Duration.ofMinutes(11));
        stream.pull();
      }

      assertThat(other.documents("Note")).hasSize(1);
      assertThat(other.documents("File")).hasSize(1);
      assertThat(one.documents("File")).hasSize(1);
    }
  }

  private TestStream.Builder following(StandInSite site) {
    return TestStream.following(site, Read.LIST, row()).dataDir(data);
  }

  private TestStream.Builder joined(StandInSite hq, StandInSite branch) {
    branch.putDocType(noteType());
    return new TestStream.Builder()
        .and(TargetSiteTest.producer(hq, Source.UPDATE_LOG, TargetSiteTest.target(branch), row()))
        .dataDir(data);
  }

  private static ProducerDoctype row() {
    return TestRow.of("Note").withAttachments(LIMIT).row();
  }

  private static StandInSite site() {
    StandInSite site = StandInSite.start(Generation.V15_APP).approveAll();
    site.putDocType(noteType());
    return site;
  }

  private static StandInSite stock() {
    StandInSite site = StandInSite.start(Generation.STOCK_15);
    site.putDocType(noteType());
    return site;
  }

  private static ObjectNode noteType() {
    return Here.json(
        "{'name': 'Note', 'doctype': 'DocType', 'allow_rename': 1, 'autoname': 'prompt', 'fields': ["
            + "{'fieldname': 'title', 'fieldtype': 'Data', 'label': 'Title'},"
            + "{'fieldname': 'scan', 'fieldtype': 'Attach', 'label': 'Scan'}]}");
  }

  private static ObjectNode note(String name) {
    return Here.json("{'name': '%s', 'title': 't'}".formatted(name));
  }

  private static String there(StandInSite site) {
    return name(site.documents("Note").get(0));
  }

  private static String name(ObjectNode document) {
    return document.path("name").asText();
  }

  private static List<String> states(TestStream stream) {
    return stream.database().rows("select state from attachment order by remote_modified").stream()
        .map(row -> String.valueOf(row.get(0)))
        .toList();
  }

  private List<Path> contents() {
    if (!Files.exists(data.resolve("files"))) {
      return List.of();
    }
    try (Stream<Path> all = Files.walk(data.resolve("files"))) {
      return all.filter(Files::isRegularFile).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<Request> calls(StandInSite site, String path) {
    return site.requests().stream().filter(at(path)).toList();
  }

  private static Predicate<Request> at(String path) {
    return request -> request.uri().startsWith(path);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }
}
