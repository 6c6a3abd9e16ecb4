"""Words of computing, payments, calendars and incidents, and ordinary words that are names as well."""

#: What a spelling dictionary does not have, or has only in capitals, written for Debrief; and words of SCOWL's en_US
#: dictionary that the documentation of packages for Python uses and no list of names has.
TECHNICAL_WORDS = """
a abac abort abs accumulator ach ack acks acl acls acme actionable addon addons addr addressee addrinuse adhoc adj
adjacency admonition adserver aead ain aisp aka alembic alertmanager alias alloc allowance alphabetic alphanumeric
alpn alt am american amex ami aml ampersand amqp amt analyse analysed annotate annotation annotations annul anon
ansible antivirus apac apache api apis apiserver apm apostrophe app append appendix applied applies applying apps apr
aren arg argo argocd args arn arr as asg asn asp assoc associativity asterisk async asynchronous atm attach attr aug
auth authenticate authenticated authn authorisation authorisations authorise authorised authorization authorize authz
autoscale autoscaler autoscaling avg avro aws az azs backend backends backfill backfilled backfiller backlog backoff
backport backpressure backslash backspace backtrace backtrack bacs badgateway ban behaviour behavioural behaviours
beware bgp bib bic bidirectional bigint bigquery bigtable bin binlog binomial bio bisect bitbucket bitmap bitrate
blackhole blacklist blink blkio blob bluegreen bn boilerplate bookkeeping bookmark bootstrap bootstrapped bot botnet
bottleneck breakage breakpoints british brownout browse bst btree btw bufferpool bugfix buggy bugzilla builtin bytea
cachebuster callback capabilities capability capitalization capitalize caption cardholder cas cassandra catalogue
catchup caution cautious caveat cc ccpa cd cdn cdns cdt centre ceph cert certs cest cet cfg cfs cgroup changelog
changeset changesets chaps chargeback chargebacks checkbox checkout checkpoint checksum chromium churn ci cicd cidr
cilium cipher circumvent clamp clarity classloader classpath cleanup cli clipboard clobber cloudflare cloudfront
cloudops cloudtrail cloudwatch clusterip clutter cm cms cname cni cnp coalesce codebase codec coerce coercion col
coldstart collate collation colorize colour com combo comma commitlog comms commutative comp comprehension
comprehensions compress con concatenate concatenation conceal concise conclusive conf config configmap configs
confirmation conformance conntrack console constructor consumergroup containerd context convenience cookiejar cordon
cordoned coredns corrective correlate corrupt cors cos cosh cosine couldn covariant cpu cpus cqrs crashloop
crashloopbackoff crate crc crd cred credential creds criticality cron cronjob cronjobs crud cryptic cryptography csi
css cst csv ctl ctx cube cue culprit cur curly cursor cutoff cutover cvc cve cvv daemonize daemonset dash dashboard
dashboards datacenter datacenters datacentre datadog dataset datastore datatype datum db dba dbs dbus dc ddl ddos
deadletter deadlock deadlocks debezium debian debrief debriefing debug debugger dec december declarative decommission
decommissioned decorator decrement decrypt decryption dedup dedupe deduplicate deduplicated default deferring deflate
deg deprecate deprecated deprecating deprecation deprovision descriptor dest determinism deterministic
deterministically detokenize dev devops dhcp diam dictum didn diff dig digraph dim dis discriminate discriminator
disruptive dist div diverge divisible divisor dkim dlq dmarc dml dnat dns dnssec dockerd dockerfile doesn dolor dom
dora downside downtime dr drift dropdown dry dsn dss dst duplex duplicate dynamodb dynatrace eacces eaddrinuse
eaddrnotavail eagain ebadf ebs ebusy ec ecanceled echild econnaborted econnrefused econnreset ecr ecs edeadlk edquot
edt edu eexist efault efbig efs eg egress ehostdown ehostunreach einprogress eintr einval eio eisconn eisdir eks
elasticsearch elb elegant elem elf ellipsis eloop embed embedding emea emfile emit emitter emitting emlink emoji
emsgsize emv enametoolong enc enclose encrypt endpoint endpoints enetdown enetunreach enfile english enobufs enodev
enoent enomem enospc enosys enotconn enotdir enotempty enotfound enotsock enqueue enumerable enumerate enumeration
enumerator env envs enxio eod eof eopnotsupp eperm ephemeral epipe eproto equiv erange erofs err errcode errimagepull
errno espipe est estale eta etc etcd ethernet etimedout etl etxtbsy eu eur europe european evaluator eventbridge
eventloop evict evicted ewouldblock excl exclamation exec executor exemplar exp expiration expire expires expiry
explanatory ext extensible extractor extraneous extranet factorial failback failover failovers fallback faq faulty fd
fds featureflag feb february fedwire filehandle filename filesystem fintech fips firefox firehose flaky flare flavor
fledged flex flink flt fluentd flyway fog followup foo forcefully foreground forex fps fqdn frag freq fri friday
frontend frontends fsync ftp fulfill fulfilled fulfilling fullscreen func fut fuzz fx fyi gap gb gbit gbp gbps gc gcp
gcs geneve gherkin ghz gib git github gitlab gitops gke glibc glob glyph gmt gobble golang goroutine goroutines gov
gpu gracefully gradle grafana granular granularity graphql grep grpc gslb gtid guardduty guc gui gunicorn gzip hadn
hadoop handshake haproxy hardcode hardcoded has hasn hdd healthcheck healthchecks healthz heap heapdump helm hereunder
heroku heuristic heuristics hex hexadecimal hibernate hikari hikaricp hikaripool hiragana his hist histogram hmac hoc
hostname hostnames hotfix hotfixed hotpatch hotspot hpa hr hrs hsm hsms hsts html http httpd https hub hue hyperlink
hypervisor hyphen hypothetical hz i iac iam iban icmp id idempotency idempotent idiom idiomatic idle ids idx ie ietf
iframe im imagepull imagepullbackoff imaginary imap immutable imo imp impersonate imprecise imps inbound inc incl
incompatibility increase increased increment incremental incur ind indentation indention indeterminate indices inexact
inf inferring infix inflate influxdb informative infra ingest ingestion ingress inheritance init initialization
initialize initialized initiator inject injection innermost innodb inode inodes inotify input inputs inst instantiate
instr instruct int intentional interpolate into intranet intro introspect introspection invalid invalidated io ioctl
iops iostat iot iota iowait ip ipam ips ipsec iptables ipv irq irrelevant is iscsi isn iso isp isps ist istio italic
iterate iterator its itsm jaeger jan january javascript javax jdbc jdk jeans jenkins jetty jira jitter jks jmx
journald jq jre js json jst jul july jun junit jvm jwk jwks jwt kafka kb kbit kbps keepalive keepalived kerberos
keyfile keyring keyspace keystore keyword kg khz kib kibana kinesis km kms kotlin kpi ksql kube kubeadm kubectl
kubelet kubeproxy kubernetes kustomize kyc lacp lag lan latam latencies latency latex launchdarkly lax lb ldap leeway
leftmost leftover len lenient lexer lexicographic lgtm liaison lib libs lieu ligature limbo linefeed linux liquibase
lit livelock liveness livez ll loadavg locale localhost locator lockfile log logback logfile login logins logout
logrotate logs logstash loki lone loopback lowercase lru ls lsn ltd lun lvm macos mailbox malformed malicious malware
mantissa mariadb markdown markup mastercard materialization maven maxmemory mb mbit mbps mcc md mdc mdt memcached
memtable mesh meson mesos metaspace mfa mhz mib microsecond microservice microservices microsoft middleware midyear
millisecond mime mimicking mimir minim minio minuend mio misc misconfiguration misconfigure misconfigured mismatch
misroute misrouted mkdir mm mod modulo modulus mon monday mongo mongod mongodb mono monorepo monotonic monotonically
mortem moto mq mrd ms msg mst mt mti mtls mttr mtu multicast multiplier multiregion mustn mutability mutate mute mutex
mvcc mysql mysqld nacha namespace namespaces nanosecond nat navigate nd needn neft neg negate negation net netflow
netpol newline newrelic nfs nginx nic nio nit nix nlb nodejs nodepool nodeport noerror nofile noisily noisy nonce
nonsensical noop noout nor nosql nostro notepad notified notifies notify nov november npm nr ns nsec nslookup ntp ntpd
nullpointerexception num numerator numeric nvme nxdomain oauth obey obj observability oct octet october odd offboard
offload oidc ok okta olap oltp omission omit omitting onboard oncall only oom oomkilled op opcode openid opensearch
openssl openstack operand operational operationally opinionated ops opsgenie optimise optimistic ora orchestrator
ordinal ore org organisation organisations orig orm os otel otlp outage outages outbound outermost outlier outlive
outweighs overlay overload overloaded overloading overprovision pacs pad padded padding pagecache pagerduty pagination
pairwise paragraph paragraphs param parameterize params parenthesis parenthesize parquet parse parser passphrase
passthrough paste pathological patroni pause pav payout payouts pcap pci pct pdb pdf pdt pending pep per percentile
percentiles perf perl perm permissible permissive permutation persistent pg pgbouncer pgpool php picky pid pin pingdom
pinned pinning pip pkce pkg pki placeholder plat plausible plpgsql plugin pluralize pm poc pod podman pods poke
pollute polymorphic populate popup pos possessive postfix postgis postgres postgresql postmortem postmortems
postscript pow ppid ppm pr prd preamble predicate prefetch prepend preprod prerequisite preset prioritise prioritised
prioritize pro proactive proactively prod product profiler programmatic prometheus promql prop protobuf provenance
provision provisioned provisioner proxysql prs prune psd psp psql pst ptp ptr pub pubsub punctuation punt pvc px
pyroscope pyx qa qos qps quantifier quic quiesce rabbitmq racket ransomware raster ratelimit raw rbac rc rca rd rdbms
rds re reachability readahead readiness readme readonly readwrite readyz realise realised realtime rebalance
rebalanced rebalancing reboot rebooted reboots rebuilt rec recognise recognised recompile reconcile reconfigure
reconfigured reconnect recur redeploy redeployed redirect redirects redis redo redundancy reenable reenabled ref
refactor refactored refactoring referent referential refs reg regex regexp reindex rejoin rel reload reloaded rem
remediate remediation replica replicaset repo repos req requeue reran reroute rerouted rerouting rerun resend
resharding resilient resize resp resque restart restarted restarting restarts restore restored resubmit retriable
retried retries retrieval retry rev revise revised revoke rfc rid rightmost rms roaming rollback rollbacks rolledback
rollout rollouts rollover rollovers rootfs roundtrip rowid rpc rpm rpo rps rrn rsvp rsync rtgs rto rudimentary runbook
runbooks saas salutation sandbox sanitize sans sarif sat saturday sca scalability scp scrape scribe sct sdd sdk sdks
sec secops secs segfault segmentation selector selinux semaphore semicolon sensible sensitivity sep sepa separator
sept september seq serde serif serverless servfail sev sha shard sharded sharding shards shebang shortcut shorthand
shouldn shrunk shuffle sidecar sidecars siem sigabrt sigbus sigchld sigh sighup sigint sigkill signup sigpipe sigquit
sigsegv sigstop sigterm sigusr simplistic singularity skew sla slas slash sli slo slos slowdown slowlog slug slurp
smallint smtp snat sni snippet snmp soc socket sockets spa spec specifiable specs speedup spf splice splitbrain splunk
spof spool spurious sql sqlite sqlstate sqs squish src sre sres srv ssd ssh ssl sso st stackoverflow stacktrace stale
starttls startupz stash statefulset statsd statuspage std stderr stdev stdin stdio stdout stopwatch storefront strace
straightforward stray stub sub subdomain subnet subnets subprocess subtrahend successfully sudo sum summarise sunday
sup surrogate suspense svc swap swappiness switchover symlink sync synced syncing syntactic syntactical sysadmin
sysctl syslog sysstat systemctl systemd tablespace tablespaces tabular tabulate tag tagged tar tb tba tbd tcp tcpdump
tel telco telemetry telnet tempdb tempfile tenfold ternary terraform th thanos thereof threadpool throttle throttled
throttles throttling thru thu thunk thursday tib tid tilde timestamp timestamps timezone tls tmp tns todo toggle
toggled toil tokenise tokenised tokenize tokenized tokenizer tokenizing toolbar topmost tps traceback traceroute
transcode transcript transitive transparent transpose transposition traversal triage triaged trivial troubleshoot
troubleshooting truthiness tsdb ttfb ttl tue tuesday tuple tutorial tweak typecast typescript typo ubuntu udp ui uk
ulid ulimit unaffected unary unavailable unblock unbound uncordon uncordoned undeploy ungracefully unhealthy unicast
uninformative uninstall unintentional unix unleash unreachable unresponsive unscheduled unset unsuccessful untar
upfront upi uplink uppercase upsert upserts uptime uri url urls urn us usa usb usd utc utf util utilisation uuid val
validator var varchar varnish vcpu ve verbose verbosity verify versa versioned versioning vhost vim virtualhost
virtualisation virtualization visualize vlan vm vms vmstat vmware vocabulary vol volatile vostro vpc vpn vpns vrrp vs
vulnerabilities vxlan waf wal walfile warmup warranty wasn watchdog web webapp webhook webhooks webpage webserver
websocket wed wednesday weren wget whence whichever whitelist whitelisted wifi wiki wip wireguard workaround
workarounds workflow workload workloads workspace worthwhile wouldn writeahead writeback wsgi www xact xfs xid xlarge
xml xms xmx xor xref xss xterm xx yaml yarn yml youtube zabbix zap zfs zip zipkin zk zonal zookeeper zuul
"""

#: Words that are given names or surnames as well; capitalised, they are taken for one.
NAMELIKE_WORDS = """
abbey aide akin albino alder alderman alley almond amber angel angelic angelica angle aria arroyo art ash askew aster
auger august aura aurora autumn azure bacon bade bailey baker ball bandy bane banister banning barb barber bard baron
barre barrette barrow barter bash basil bass basso batiste batten batty bay beach beadle beam bean beard beau beck
beery bell belle berg berry beryl bias bill billy birch bird birdsong bishop black blanch bland blank blaze bliss
bloom blossom blunt boatman bob bobby bock bode bolt bond bong bonny booker booth bourgeois bower bowman brace bracken
brad brain brake branch brandy bravo bray brazier breeze bridge bright brill brim brindle brink broach brogan brook
brooks broom brown brownfield brunet brunette buck bud buddy bullock bunch bunker bunting burden burg burl burns burr
burrow busby bush bushman butler caballero caldera camellia candida candy cannon canter cantor caprice caraway carmine
carol carpenter carper carter cash castor cat celesta chad chamberlain chambers chance chandler charity charlie chase
chastity cheek cherish cherry chester chestnut chevalier chew chin china chip chow christen christian chuck church
clack clapper clay cleaver clement clementine click cliff cloud cluck coffin coil coley collard colleen collier colon
colt cone confer conger cook coon cooper cope coral corr corrie cote cotter cotton couch countryman couture covert
covey coward cox coy craft cram craven cray creed creel cress crick crisp crochet croft crone crook cross crouch crow
crumb cruse crystal cull curl curry curt cutler dahlia daisy dale dart dasher davenport dawn day dean deb dell delta
dent derby derrick destiny dewberry dial dibble dick dickey dill dimple dingle dingus dirk dodge dole dolly don dona
doss dot dotty doughty dove dowdy drake draper drew drummer duff duke dunning durst dusty dyer dyke earl easter ebony
echo eddy edge elder ember emerald emerita emery english engram essence ester ethyl eve fain fairy faith fanny farina
farrow farthing fawn fay fern fetter fields fife finch fink firth fisher flack flake fleck flick flint flood flora
ford fore forehand foreman forest forrest forte foster fountain fox frank freedman freeman fritz frost fry fudge
fuller funk furlong furry gable gale gall gallant gamble gammon gardener garland garner garnet garret garrison gay gem
gene genesis genie gentile gentry gill ginger gist gladden glaze glazier glen glory glover goad gold goldsmith good
gore gouge grace graham gram grant gray green greenfield greenwood gribble griffin grim grizzle gross grove gully
gurney guy hack hackney haddock haggard hake hale hall hallmark hammock hand handy hank happy harden hardy hare
harmony harness harp harper harry hart hash hasty hatch haven hawk hazard hazel head heady heath heather heck hector
hedge helm herb herd hero heron herring hertz hickey hill hoard hock hogan hoke holder holiday holler holly honey hood
hoover hope horn house huff hull humble hunt hunter hunting huntsman hurdle hyacinth iris irons ivory ivy jack jade
james jan jarred jasmine jasper jay jean jenny jersey jet jewel jimmy joey john johnny jolly josh joy jules julienne
july junior justice kaiser keel keen kelvin ken keys khan kindle kindred king kip kirsch kit kite kluge knight knoll
kohl lackey lacy lair laird lamb lance landau lane lark lash laurel lavender law layman lea leach lee leech
lemon len lent levy liberty lily linden lingo lino lira little long loos loris lot lough love low lulu lynch mac mace
mach madden madrigal magnolia major maple marble margarita marge maria marina mark marlin marquis marsh martin marvel
mason mast matte maverick max maximum may mayo maze mead meadows medley meek melody mercer merchant mercy merino merry
mesa messenger mica mick mike miles miller millet milliner mills min mink misty mock moll molly monger monk moody moon
moor morel morrow moss motley mouton mull mulligan muse myrtle nail napoleon napper nat natal nave nelson newcomer
newton nick nightingale noble noel norm nova novella null nunnery oak ogle olive oliver opal ostler pace paddock pagan
page palmer palomino pansy papa pare park parker parks parry parsley parson partridge paschal pasty pat pate patience
patsy patty peacock pearl pearly peck peek peel peg pence penny peter petty phoenix piazza pierce pike pilgrim pinkie
pinon pinto piper pippin plank plant plowman plumb plunk pollack pollard ponce pond pope porter poss potter powers
prater price pride priest prince princess proctor provost prudence pulley puma queen quest quill quint quirk rain
rainwater rand randy ranee ransom rash raven ray ream rector red redden reedy reel reeve rhea rice rich rick riddle
rife riffle rip river rivers roach roan rob robin rock rocky rod roebuck roger romaine roman romeo rood rook rose
rosemary rosette rosy rouse roux rowan royal ruble ruby rudder ruddy ruff rush rusk rust rusty sabra saddler sage
sally salmon sanders sandy saran sari sass savage savanna savoy sawyer scarlet schilling scull scurry seal seaman
seltzer seven severance sexton shad shade shah shank sharp shay sheila shell shepherd sherry shilling shim shin shirk
shiver shoemaker shook short shuck sibyl sierra sill silver sine singer singleton skip sky slack slate slater
slaughter slay sledge small smith smock snow sol sonny sparrow spear spears speck speed spring sprinkle spry squire
stack star stark starling steed steel stein sterling stern steward stickler stone storm stout strait strand stripling
strode strong stump sturgeon sue sugar summer sun sunny swain swan swank swift swindle tab tabor tad tally talon tang
tanner tart tawny teal ted teddy teeter temple terry thatcher thorn thrash thrift tiara tiger timothy tingle tittle
tom tong tony trammel trey trice trinity trip trotter troupe trout troy trump truss trusty tuck tucker turner tweed
tweedy unity usher valentine van veal vela veronica vest victor vigil villa vineyard viola violet vita viva waddle
wade wainwright waldo walker wall walls wally waltz wanner ward warden ware warren waters watt weaver weeks weir wells
welsh welter west wheat wheeler whetstone white whitehead whitener whittle wick wiener wight wild will willow willy
wilt windy winkle winter winters wise wold wolf womble wood woodcock woodman woody workman worth worthy wren wright
yang young
"""

#: Words that English has and that nobody writes of an incident but as somebody's name: they leave in no letters.
NAMES_FIRST = """
billy bob bobby carol chuck dick dolores dora frances fritz hank harry james jean jimmy john johnny ken kitty maria
mike molly nick nils noel peter randy rick rob roger sally ted terry timothy tom tony willy
"""
