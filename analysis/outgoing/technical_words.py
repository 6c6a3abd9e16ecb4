"""Words of computing, payments, calendars and incidents, and ordinary words that are names as well."""

#: What a spelling dictionary does not have, or has only in capitals; written for Debrief.
TECHNICAL_WORDS = """
a ack acks acl acls acme addon addons addr adhoc adserver ain aka alertmanager alloc am american amex ami aml amqp
analyse analysed annotation annotations ansible antivirus apac apache api apis apm app applied applies applying apps
apr aren arg argo argocd args arn as asg asp async attr aug auth authn authorisation authorisations authorise
authorised authorization authz autoscale autoscaler autoscaling avg aws az azs backend backends backfill backfilled
backlog backoff backpressure backtrace bacs behaviour behavioural behaviours bgp bigquery binlog bitbucket blackhole
blacklist bluegreen bootstrap bootstrapped botnet bottleneck british bst btw bugfix buggy bugzilla callback
capabilities capability cardholder cassandra catalogue cdn cdns cdt centre ceph cert certs cest cet cfg cgroup
changelog chargeback chargebacks checkout checksum ci cicd cli cloudflare cloudfront cloudops cloudwatch cm cms cname
cni codebase codec colour com comms conclusive conf config configmap configs confirmation console containerd context
cordon cordoned coredns corrective cors couldn cpu cpus crashloop crashloopbackoff crd creds criticality cron cronjob
cronjobs crud csi css cst csv ctl ctx culprit cve daemonset dashboard dashboards datacenter datacenters datacentre
datadog dataset datastore db dba dbs dc ddl ddos deadlock deadlocks debian debrief debriefing debug debugger dec
december decommission decommissioned decrypt decryption dedupe default deprecated deprovision dest dev devops dhcp
didn diff dig disruptive dkim dmarc dns dnssec dockerfile doesn dom dora downtime dr dropdown dsn dst ebs ec ecr ecs
edt edu efs eg egress eks elasticsearch elb emea encrypt endpoint endpoints english env envs eod eof ephemeral est eta
etc etcd ethernet etl eu eur europe european evict evicted excl executor expiration expire expires extranet failback
failover failovers fallback faq faulty fd fds feb february filesystem fintech firefox flaky fluentd followup
forcefully fqdn fri friday frontend frontends ftp fullscreen func fyi gb gbit gbp gbps gc gcp gcs ghz gib git github
gitlab gitops gke glibc gmt golang gov gpu gracefully grafana graphql grpc gslb gui gunicorn gzip hadn hadoop
handshake haproxy hardcode hardcoded has hasn hdd healthcheck healthchecks heap heroku his hostname hostnames hotfix
hotfixed hotpatch hotspot hpa hr hrs html http https hub hyperlink hypervisor hz i iac iam iban icmp id idempotent ids
idx ie ietf iframe im imap imo inbound incl increase increased indices influxdb infra ingest ingestion ingress init
inode inodes input inputs int into intranet io iops iot ip ips ipsec iptables ipv is isn iso isp isps ist istio its
itsm jaeger jan january javascript jenkins jira jitter journald jq js json jst jul july jun junit jvm jwt kafka kb
kbit kbps kerberos keyspace keystore kg khz kib kibana kinesis km kms kpi kube kubectl kubelet kubernetes kustomize
kyc lag lan latam latencies latency launchdarkly lb ldap len lgtm liaison lib libs linux livelock ll localhost log
logfile login logins logout logrotate logs logstash loopback lru ls lvm macos mailbox malformed malicious malware
mariadb mastercard mb mbit mbps mdc mdt memcached memtable mesh mesos mfa mhz mib microservice microservices microsoft
middleware misc misconfiguration misconfigure misconfigured misroute misrouted mm mon monday mongo mongodb mortem mq
ms msg mst mtls mttr mtu multicast mustn mutex mysql namespace namespaces nat nd needn net netflow nfs nginx nic nlb
nodejs noop nosql notified notifies notify nov november npm nr ns nslookup ntp num nvme oauth obj observability oct
october offboard offload oidc ok okta onboard oncall only oom oomkilled op opcode openid opensearch openssl openstack
operational operationally ops opsgenie optimise orchestrator org organisation organisations orm os otel outage outages
outbound outlier overload overloaded overloading overprovision pagerduty pagination param params parquet parse parser
passthrough payout payouts pcap pci pct pdf pdt pending per percentile percentiles perf perl php pid pki placeholder
plugin pm poc pod pods pos postfix postgres postgresql postmortem postmortems ppm pr prd prefetch preprod prioritise
prioritised proactive proactively prod product profiler prometheus promql protobuf provision provisioned provisioner
prs psd psp pst ptr pub pubsub pvc px qa qos qps rabbitmq ransomware ratelimit raw rbac rca rd rdbms rds re
reachability readme realise realised realtime rebalance rebalanced rebalancing reboot rebooted reboots rebuilt
recognise recognised recompile reconcile reconfigure reconfigured reconnect redeploy redeployed redirect redirects
redis redundancy reenable reenabled ref refactor refactored refactoring refs regex reindex rejoin reload reloaded
remediate remediation replicaset repo repos req requeue reran reroute rerouted rerouting rerun resend resharding
resize resp resque restart restarted restarting restarts restore restored resubmit retried retries retry revise
revised rid rms rollback rollbacks rolledback rollout rollouts rollover rollovers roundtrip rpc rpo rps rsvp rsync rto
runbook runbooks saas sandbox sanitize sat saturday scalability scp scrape scribe sdk sdks sec secops secs segfault
selinux sep sepa sept september serverless sev shard sharded sharding shards shouldn sidecar sidecars siem sigkill
signup sigterm sla slas sli slo slos slowdown smtp snmp soc socket sockets spa spf splunk spof spool sql sqlite sqs
src sre sres ssd ssh ssl sso st stacktrace starttls statefulset statsd statuspage std stderr stdev stdin stdout
storefront subdomain subnet subnets subprocess successfully sudo sum summarise sunday svc swap switchover symlink sync
synced syncing sysadmin sysctl syslog systemctl systemd tar tb tba tbd tcp tcpdump telco telemetry tenfold terraform
th threadpool throttle throttled throttles throttling thu thursday tib timestamp timestamps timezone tls tmp todo
toggle toggled traceback traceroute transcode triage triaged troubleshoot troubleshooting ttl tue tuesday typo ubuntu
udp ui uk unaffected unavailable unblock unbound uncordon uncordoned undeploy ungracefully unhealthy unicast uninstall
unintentional unix unreachable unresponsive unscheduled unset unsuccessful untar uplink uptime uri url urls us usa usb
usd utc utf utilisation uuid validator varnish vcpu ve verify virtualisation virtualization vlan vm vms vmware vpc vpn
vpns vs vulnerabilities waf wasn watchdog web webapp webhook webhooks webpage webserver websocket wed wednesday weren
whitelist whitelisted wifi wip workaround workarounds workflow workload workloads workspace wouldn writeahead wsgi www
xml yaml yarn yml youtube zip zk zookeeper zuul
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
kohl lackey lacy lair laird lamb lance landau lane lark lash laurel lavender law layman lea leach ledger lee leech
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
