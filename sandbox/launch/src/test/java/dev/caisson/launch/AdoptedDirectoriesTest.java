package dev.caisson.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.caisson.UnixPath;
import dev.caisson.policy.EffectivePolicy;
import dev.caisson.policy.HostFacts;
import dev.caisson.policy.PolicyLoader;
import dev.caisson.policy.View;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AdoptedDirectoriesTest {
  private static final HostFacts HOST = HostProbe.probe();

  @TempDir Path root;

  @Test
  void areThoseOfIdsThatTheSandboxLacks() throws IOException {
    Files.createDirectory(root.resolve("etc"));
    Files.setPosixFilePermissions(
        root.resolve("etc"), PosixFilePermissions.fromString("rwxr-x---"));

    IdMap others = new IdMap.Single(0, 0, HOST.uid() + 1, HOST.gid());
    IdMap own = new IdMap.Single(0, 0, HOST.uid(), HOST.gid());

    assertEquals(Map.of(UnixPath.of("etc"), 0750), adopted(others));
    assertEquals(Map.of(), adopted(own));
  }

  /** What lies behind a link is looked up inside, never on the host. */
  @Test
  void endAtALink() throws IOException {
    Files.createDirectory(root.resolve("elsewhere"));
    Files.createSymbolicLink(root.resolve("etc"), Path.of("elsewhere"));

    assertEquals(Map.of(), adopted(new IdMap.Range(Integer.MAX_VALUE - 65536, 65536)));
  }

  private Map<UnixPath, Integer> adopted(IdMap ids) {
    EffectivePolicy policy =
        PolicyLoader.load(UnixPath.of(PolicyLoader.DEFAULT), HOST.uid(), new HostPolicyFiles())
            .resolve(View.IMAGE, HOST);
    return AdoptedDirectories.of(UnixPath.of(root.toString()), policy, ids).permissions();
  }
}
