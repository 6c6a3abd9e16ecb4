import pytest

from analysis.alerts.rule_classes import RuleClass, class_of


@pytest.mark.parametrize(
    ("rule", "kind"),
    [
        ("KubernetesPodCrashLooping", RuleClass.RESTART),
        ("KubernetesContainerOomKiller", RuleClass.RESTART),
        ("KubernetesDeploymentReplicasMismatch", RuleClass.REPLICA),
        ("KubernetesHpaScaleMaximum", RuleClass.REPLICA),
        ("KubernetesHpaScaleInability", RuleClass.ERROR),
        ("KubernetesStatefulsetDown", RuleClass.REPLICA),
        ("PrometheusTargetMissing", RuleClass.TARGET_MISSING),
        ("CouchdbNodeDown", RuleClass.TARGET_MISSING),
        ("RestartFailed", RuleClass.ERROR),
        ("NginxHighHttp5xxErrorRate", RuleClass.ERROR),
        ("HaproxyHttpSlowingDown", RuleClass.LATENCY),
        ("PostgresqlReplicationLag", RuleClass.LATENCY),
        ("HostOutOfDiskSpace", RuleClass.SATURATION),
        ("pod_restarts_high", RuleClass.SATURATION),
        ("JvmObjectsPendingFinalization", RuleClass.UNMAPPED),
        ("", RuleClass.UNMAPPED),
        ("запросы", RuleClass.UNMAPPED),
    ],
)
def test_rule_is_of_the_class_that_its_words_name(rule: str, kind: RuleClass) -> None:
    """A symptom's word wins over a restart's, and no word at all is unmapped."""
    assert class_of(rule) is kind
