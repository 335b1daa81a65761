package dev.caisson.policy.exchange;

import java.util.List;

/**
 * The fields of Kubernetes' core/v1 (k8s.io/api, types.go of 1.33), and those that need no word.
 */
final class KubernetesKeys {
  static final List<String> DOCUMENT = List.of("apiVersion", "kind", "metadata", "spec", "status");

  static final List<String> POD =
      words(
          "activeDeadlineSeconds affinity automountServiceAccountToken containers dnsConfig"
              + " dnsPolicy enableServiceLinks ephemeralContainers hostAliases hostIPC hostNetwork"
              + " hostPID hostUsers hostname hostnameOverride imagePullSecrets initContainers"
              + " nodeName nodeSelector os overhead preemptionPolicy priority priorityClassName"
              + " readinessGates resourceClaims resources restartPolicy runtimeClassName"
              + " schedulerName schedulingGates securityContext serviceAccount serviceAccountName"
              + " setHostnameAsFQDN shareProcessNamespace subdomain"
              + " terminationGracePeriodSeconds tolerations topologySpreadConstraints volumes");

  /** Where it runs, how it starts and ends, and what watches it. */
  static final List<String> POD_NOTES =
      words(
          "affinity dnsConfig dnsPolicy imagePullSecrets nodeName nodeSelector os overhead"
              + " preemptionPolicy priority priorityClassName readinessGates restartPolicy"
              + " schedulerName schedulingGates setHostnameAsFQDN subdomain"
              + " terminationGracePeriodSeconds tolerations topologySpreadConstraints");

  static final List<String> CONTAINER =
      words(
          "args command env envFrom image imagePullPolicy lifecycle livenessProbe name ports"
              + " readinessProbe resizePolicy resources restartPolicy restartPolicyRules"
              + " securityContext startupProbe stdin stdinOnce targetContainerName"
              + " terminationMessagePath terminationMessagePolicy tty volumeDevices volumeMounts"
              + " workingDir");

  static final List<String> CONTAINER_NOTES =
      words(
          "args command image imagePullPolicy lifecycle livenessProbe readinessProbe resizePolicy"
              + " restartPolicy restartPolicyRules startupProbe stdin stdinOnce"
              + " targetContainerName terminationMessagePath terminationMessagePolicy tty");

  static final List<String> POD_SECURITY =
      words(
          "appArmorProfile fsGroup fsGroupChangePolicy runAsGroup runAsNonRoot runAsUser"
              + " seLinuxChangePolicy seLinuxOptions seccompProfile supplementalGroups"
              + " supplementalGroupsPolicy sysctls windowsOptions");

  static final List<String> CONTAINER_SECURITY =
      words(
          "allowPrivilegeEscalation appArmorProfile capabilities privileged procMount"
              + " readOnlyRootFilesystem runAsGroup runAsNonRoot runAsUser seLinuxOptions"
              + " seccompProfile windowsOptions");

  private KubernetesKeys() {}

  static List<String> words(String words) {
    return List.of(words.split(" ", -1));
  }
}
