package dev.caisson.policy;

import java.util.List;
import java.util.stream.IntStream;

/** Mistakes that no JSON Schema can name, as docs/policy.md lists them. */
final class BeyondTheSchema {
  /**
   * One of them.
   *
   * @param name what the page calls it
   * @param said a part of the reader's message
   * @param document one that the schema takes and the reader does not
   * @param parent another, {@code b.json}, that may extend it
   */
  record Limit(String name, String said, String document, String parent) {
    List<String> mistakes() {
      return BeyondTheSchema.mistakes(document, parent);
    }

    @Override
    public String toString() {
      return name;
    }
  }

  private BeyondTheSchema() {}

  static List<Limit> all() {
    return List.of(
        of(
            "a name given twice",
            "the name is given twice",
            "\"root\": \"writable\", \"root\": \"read-only\""),
        of(
            "a parent that is missing, unsafe or no policy",
            "its parent",
            "\"extends\": [\"./c.json\"]"),
        of(
            "parents in a circle",
            "lead in a circle",
            "\"extends\": [\"b.json\"]",
            "\"extends\": [\"p.json\"]"),
        of(
            "parents that disagree",
            "the parents disagree",
            "\"extends\": [\"b.json\", \"strict\"]",
            "\"proc\": \"none\""),
        of(
            "more in `bestEffort` than a parent has",
            "requires",
            "\"extends\": [\"b.json\"], \"bestEffort\": [\"landlock\"]",
            ""),
        of("a variable that is not set", "is not set", "\"process\": {\"cwd\": \"/${nobody}\"}"),
        of(
            "a variable that is not closed",
            "not closed by }",
            "\"process\": {\"cwd\": \"/${home\"}"),
        of(
            "a variable in a default of `vars`",
            "a default holds none",
            "\"vars\": {\"a\": \"${home}\"}"),
        of(
            "a variable that leads elsewhere in a path",
            "in a path it must be one name",
            "\"vars\": {\"a\": {\"type\": \"text\", \"default\": \"../b\"}}, \"process\": {\"cwd\": \"/${a}\"}"),
        of(
            "a path inside with `.` or `..`",
            "an absolute path below / without . and ..",
            "\"filesystem\": {\"/a/../b\": {\"masked\": true}}"),
        of(
            "two spellings of one path",
            "the same path as",
            "\"filesystem\": {\"/a\": {\"masked\": true}, \"/a/\": {\"masked\": true}}"),
        of(
            "a path that is not absolute, or has `.` or `..`",
            "an absolute path",
            "\"process\": {\"cwd\": \"a\"}"),
        of(
            "a `protect` with `.` or `..`",
            "a path relative to the bind",
            "\"filesystem\": {\"/a\": {\"bind\": \"/b\", \"access\": \"rw\", \"protect\": [\"a/../..\"]}}"),
        of(
            "a writable bind of the home directory",
            "must not be writable",
            "\"filesystem\": {\"/a\": {\"bind\": \"${home}\", \"access\": \"rw\"}}"),
        of(
            "a host name with other characters",
            "letters, digits, dots and hyphens",
            "\"process\": {\"hostname\": \"a b\"}"),
        of(
            "an address block that is none",
            "expected an address block",
            "\"network\": {\"egress\": [{\"cidr\": \"10.0.0/99\"}]}"),
        of(
            "bits behind the prefix of an address block",
            "bits are set behind the prefix",
            "\"network\": {\"egress\": [{\"cidr\": \"10.0.0.1/8\"}]}"),
        of(
            "an address that is never reached",
            "a sandbox never reaches",
            "\"network\": {\"egress\": [{\"cidr\": \"169.254.169.254\"}]}"),
        of(
            "a range of ports that ends before it starts, or beyond 65535",
            "expected a port from 1 to 65535",
            "\"network\": {\"egress\": [{\"host\": \"a\", \"port\": \"9-8\"}]}"),
        of(
            "a published port beyond 65535, or on an address that is none",
            "expected a port of the host",
            "\"network\": {\"publish\": [{\"host\": \"300.0.0.1:80\", \"inside\": 80}]}"),
        of(
            "a user's or a group's number beyond 4294967294",
            "expected root, caller, a user's number",
            "\"process\": {\"user\": \"4294967295\"}"),
        of(
            "more than three decimals of a processor",
            "at most three decimals",
            "\"limits\": {\"cpus\": 1.0005}"),
        of(
            "a day that the calendar does not have",
            "a day of the calendar",
            "\"audit\": {\"waive\": {\"A\": {\"reason\": \"r\", \"owner\": \"o\", \"until\": \"2027-02-30\"}}}"),
        of(
            "a waiver that has ended",
            "it ended on",
            "\"audit\": {\"waive\": {\"A\": {\"reason\": \"r\", \"owner\": \"o\", \"until\": \"2026-05-31\"}}}"),
        of(
            "capabilities in a part that holds for a capability",
            "cannot set capabilities",
            "\"when\": [{\"if\": {\"capability\": \"CAP_KILL\"}, \"capabilities\": {\"keep\": []}}]"),
        of(
            "a ceiling that depends on the environment",
            "must not depend on them",
            "\"ceiling\": {\"filesystem\": {\"/a\": {\"bind\": \"/${env:LANG}\"}}}"),
        of(
            "an amount beyond 64 bits",
            "expected a size above 0",
            "\"limits\": {\"memory\": \"99999999999999999999B\"}"),
        of(
            "a whole number written with a fraction or an exponent",
            "expected a whole number",
            "\"seccomp\": {\"profile\": {\"defaultAction\": \"SCMP_ACT_KILL\", \"defaultErrnoRet\": 1.0}}"),
        of(
            "a rule of a profile without a call, or with two errnos",
            "missing: the calls",
            "\"seccomp\": {\"profile\": {\"defaultAction\": \"SCMP_ACT_KILL\", \"syscalls\": [{\"action\": \"SCMP_ACT_ALLOW\"}]}}"),
        of(
            "an argument that a call does not have",
            "has no argument",
            "\"seccomp\": {\"rules\": [{\"syscall\": \"socket\", \"when\": {\"famly\": 1}}]}"),
        of(
            "a constant that does not exist",
            "no such constant",
            "\"seccomp\": {\"rules\": [{\"syscall\": \"socket\", \"when\": {\"family\": \"AF_VSOK\"}}]}"),
        of(
            "a constant that the host's ABI does not have",
            "there is no PROT_BTI",
            "\"seccomp\": {\"rules\": [{\"syscall\": \"mmap\", \"when\": {\"prot\": \"PROT_BTI\"}}]}"),
        of(
            "a value of more bytes than the kernel reads",
            "the kernel reads",
            "\"seccomp\": {\"rules\": [{\"syscall\": \"socket\", \"when\": {\"family\": \"0x100000001\"}}]}"),
        of(
            "a value with bits outside of its mask",
            "outside of the mask",
            "\"seccomp\": {\"rules\": [{\"syscall\": \"socket\", \"when\": {\"type\": {\"mask\": 1, \"eq\": 2}}}]}"),
        of(
            "a range that ends before it starts",
            "ends before it starts",
            "\"seccomp\": {\"rules\": [{\"syscall\": \"socket\", \"when\": {\"type\": {\"range\": [2, 1]}}}]}"),
        of(
            "conditions that hold in more than 1000 ways",
            "combinations",
            "\"seccomp\": {\"rules\": [{\"syscall\": \"socket\", \"when\": {\"0\": "
                + many()
                + ", \"1\": "
                + many()
                + "}}]}"),
        of(
            "a number that no errno has",
            "no errno is",
            "\"seccomp\": {\"rules\": [{\"syscall\": \"socket\", \"then\": {\"errno\": 41}}]}"),
        of(
            "two errnos for the same calls",
            "the same calls of",
            "\"seccomp\": {\"rules\": [{\"syscall\": \"socket\", \"then\": {\"errno\": \"EIO\"}}, {\"syscall\": \"socket\", \"then\": \"deny\"}]}"));
  }

  private static String many() {
    List<Integer> numbers = IntStream.range(0, 32).boxed().toList();
    return "{\"in\": " + numbers + "}";
  }

  private static Limit of(String name, String said, String members) {
    return of(name, said, members, "");
  }

  private static Limit of(String name, String said, String members, String parent) {
    return new Limit(name, said, Policies.document(members), Policies.document(parent));
  }

  static boolean isListed(String mistake) {
    return all().stream().anyMatch(limit -> mistake.contains(limit.said()));
  }

  /** The reader's mistakes in {@code document}. */
  static List<String> mistakes(String document) {
    return mistakes(document, "{}");
  }

  private static List<String> mistakes(String document, String parent) {
    FakeFiles files =
        new FakeFiles()
            .file("/home/alice/project/p.json", document)
            .file("/home/alice/project/b.json", parent);
    try {
      return Policies.said(Policies.load(files, "./p.json").check(Policies.HOST));
    } catch (PolicyRefusal refusal) {
      return refusal.problems().isEmpty()
          ? List.of(refusal.why())
          : Policies.said(refusal.problems());
    }
  }
}
