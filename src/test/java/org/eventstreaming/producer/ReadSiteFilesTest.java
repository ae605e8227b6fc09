package org.eventstreaming.producer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.node.LongNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.eventstreaming.files.FilesRefused;
import org.eventstreaming.files.TestProject;
import org.eventstreaming.mapping.Mappings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReadSiteFilesTest {
  private static final String BRANCH =
      """
      url: https://branch.example.com/
      user: stream@example.com
      api_key: abc
      api_secret: "{{env:BRANCH_SECRET}}"
      """;
  private static final String HQ =
      """
      producer_url: https://hq.example.com
      user: stream@example.com
      api_key: abc
      api_secret: "{{env:BRANCH_SECRET}}"
      target: %s
      producer_doctypes:
        - ref_doctype: Item
      """;

  @TempDir Path directory;

  @Test
  void a_producer_names_the_site_that_its_documents_are_written_to() {
    assertThat(read(BRANCH, "branch").get(0).target())
        .isEqualTo(
            new TargetSite(
                "branch",
                new SiteAccess(
                    "https://branch.example.com",
                    "stream@example.com",
                    new Secret("abc"),
                    new Secret("s3cr3t")),
                true));
    assertThat(read(BRANCH + "convert_times: 0\n", "branch").get(0).target())
        .extracting(TargetSite::convertsTimes)
        .isEqualTo(false);
    assertThat(read(BRANCH, "postgres").get(0).target()).isNull();
  }

  @Test
  void a_site_names_the_types_whose_disabled_documents_are_enabled_for_a_moment() {
    assertThat(read(BRANCH, "branch").get(0).target())
        .extracting(TargetSite::asIs, InstanceOfAssertFactories.collection(String.class))
        .isEmpty();
    assertThat(read(BRANCH + "history:\n  as_is: [Item, Customer]\n", "branch").get(0).target())
        .extracting(TargetSite::asIs, InstanceOfAssertFactories.collection(String.class))
        .containsExactlyInAnyOrder("Item", "Customer");
    assertThat(refused(BRANCH + "history:\n  as_is: Item\n", "branch")).hasSize(1);
    assertThat(refused(BRANCH + "history:\n  as_is: [' ']\n", "branch"))
        .containsExactly("sites/branch.yaml:6:11: row 1 of as_is must be the name of a DocType");
    assertThat(refused(BRANCH + "history:\n  as_is: [User]\n", "branch"))
        .containsExactly(
            "sites/branch.yaml:6:11: User is never enabled: it decides who may enter here and see"
                + " what");
    assertThat(refused(BRANCH + "history:\n  as_was: [Item]\n", "branch"))
        .containsExactly("sites/branch.yaml:6:3: unknown key 'as_was': did you mean as_is?");
  }

  @Test
  void what_cannot_be_written_to_is_refused_where_it_stands() {
    assertThat(refused(BRANCH, "brnch"))
        .containsExactly(
            "producers/hq.yaml:5:9: there is no site 'brnch' in sites/: did you mean 'branch'?");
    assertThat(refused(BRANCH.replace("branch.", "hq."), "branch"))
        .containsExactly(
            "producers/hq.yaml:5:9: target is the producer itself: its documents cannot be written"
                + " to it");
    assertThat(refused(BRANCH.replace("\"{{env:BRANCH_SECRET}}\"", "s3cr3t"), "branch"))
        .containsExactly(
            "sites/branch.yaml:4:13: api_secret must be {{env:NAME}} or {{file:/path}}: secrets are"
                + " placeholders, never text");
    assertThat(refused(BRANCH + "read: list\n", "branch"))
        .containsExactly(
            "sites/branch.yaml:5:1: unknown key 'read': allowed are url, user, authentication,"
                + " api_key, api_secret, convert_times, users, rules, history");
  }

  @Test
  void what_becomes_of_links_to_users_is_said_in_the_file() {
    assertThat(read(BRANCH, "branch").get(0).target())
        .extracting(TargetSite::users)
        .isEqualTo(LinkedUsers.AS_THEY_ARE);
    assertThat(
            read(
                    BRANCH
                        + """
                        users:
                          missing: leave_out
                          map: { "a@child.example": "b@main.example" }
                        """,
                    "branch")
                .get(0)
                .target())
        .extracting(TargetSite::users)
        .isEqualTo(
            new LinkedUsers(
                LinkedUsers.Missing.LEAVE_OUT, Map.of("a@child.example", "b@main.example")));
    assertThat(refused(BRANCH + "users:\n  missing: drop\n", "branch"))
        .containsExactly(
            "sites/branch.yaml:6:12: missing must be fail, leave_out or create, was 'drop'");
    assertThat(refused(BRANCH + "users:\n  map: { a: 1 }\n", "branch"))
        .singleElement()
        .asString()
        .startsWith("sites/branch.yaml:6:");
  }

  @Test
  void rules_of_a_site_add_to_those_that_come_along_and_override_them() {
    assertThat(read(BRANCH, "branch").get(0).target())
        .extracting(TargetSite::rules)
        .isEqualTo(TargetRules.shipped());

    TargetRules rules =
        rules(
            BRANCH
                + """
                    rules:
                      - doctype: Sales Invoice
                        send: { set_posting_time: null, update_stock: 1 }
                        seen: our own fork
                      - doctype: Delivery Note Item
                        row_references: [my_row]
                      - doctype: My Voucher
                        send: { keep_date: 1 }
                        keeps: [voucher_date]
                      - doctype: My Bundle
                        made_by_site: true
                    """,
            "branch");

    assertThat(rules.of("Sales Invoice").send()).containsOnlyKeys("update_stock");
    assertThat(rules.of("Delivery Note Item").rowReferences()).contains("my_row", "so_detail");
    assertThat(rules.of("My Voucher").send())
        .isEqualTo(
            Map.of(
                "keep_date", new TargetRules.Switch(LongNode.valueOf(1), Set.of("voucher_date"))));
    assertThat(rules.of("My Bundle").madeBySite()).isTrue();
    assertThat(rules.of("Stock Entry").send()).containsKey("set_posting_time");
  }

  @Test
  void a_rule_that_says_nothing_that_is_known_is_refused_where_it_stands() {
    assertThat(refused(BRANCH + "rules:\n  - doctype: Item\n    sends: { a: 1 }\n", "branch"))
        .containsExactly("sites/branch.yaml:7:5: unknown key 'sends': did you mean send?");
    assertThat(refused(BRANCH + "rules:\n  - send: { a: 1 }\n", "branch"))
        .singleElement()
        .asString()
        .startsWith("sites/branch.yaml:6:")
        .contains("doctype");
    assertThat(refused(BRANCH + "rules: { doctype: Item }\n", "branch"))
        .singleElement()
        .asString()
        .startsWith("sites/branch.yaml:5:8: ");
    assertThat(refused(BRANCH + "rules:\n  - doctype: Item\n    row_references: a_b\n", "branch"))
        .singleElement()
        .asString()
        .startsWith("sites/branch.yaml:7:21: ");
  }

  @Test
  void what_the_site_makes_by_itself_is_not_followed_into_it_unless_its_file_takes_that_back() {
    assertThat(
            catchThrowableOfType(FilesRefused.class, () -> following("GL Entry", BRANCH, "branch")))
        .hasMessageStartingWith(
            "producers/hq.yaml:7:18: ref_doctype GL Entry is not streamed to https://branch.example.com: the site makes such documents itself")
        .hasMessageEndingWith("made_by_site: false in the rules of sites/branch takes that back");
    assertThat(
            following(
                "GL Entry",
                BRANCH + "rules:\n  - doctype: GL Entry\n    made_by_site: false\n",
                "branch"))
        .hasSize(1);
    assertThat(following("GL Entry", BRANCH, "postgres")).hasSize(1);
  }

  @Test
  void with_what_the_site_makes_documents_is_added_to_what_is_known_of_erpnext() {
    TargetRules rules =
        Objects.requireNonNull(
                read(
                        BRANCH
                            + "rules:\n  - doctype: Contact\n    made_with: [Member]\n  - doctype: Log\n    made_with: [Visit]\n",
                        "branch")
                    .get(0)
                    .target())
            .rules();

    assertThat(rules.of("Contact").madeWith()).contains("Member", "Lead", "Customer", "Supplier");
    assertThat(rules.of("Contact").madeBySite()).isFalse();
    assertThat(rules.of("Log").madeWith()).containsExactly("Visit");
  }

  @Test
  void two_files_do_not_name_one_site() {
    new TestProject(directory).with("sites/other.yaml", BRANCH);

    assertThat(refused(BRANCH, "branch"))
        .containsExactly(
            "sites/other.yaml:1:6: this url stands in sites/branch.yaml already: a site has one"
                + " file");
  }

  private TargetRules rules(String site, String target) {
    return Objects.requireNonNull(read(site, target).get(0).target()).rules();
  }

  private List<EventProducer> read(String site, String target) {
    return following("Item", site, target);
  }

  private List<EventProducer> following(String doctype, String site, String target) {
    new TestProject(directory)
        .with("sites/branch.yaml", site)
        .with("producers/hq.yaml", HQ.formatted(target).replace("Item", doctype));
    return new ReadProducerFiles(
            directory, Map.of("BRANCH_SECRET", "s3cr3t"), Mappings.NONE, Secrets.READ)
        .read();
  }

  private List<String> refused(String site, String target) {
    return catchThrowableOfType(FilesRefused.class, () -> read(site, target))
        .getMessage()
        .lines()
        .toList();
  }
}
