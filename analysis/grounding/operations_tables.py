"""Classes of words about what is done to systems, and about systems and their parts; see `synonym_tables`."""

CLASSES = """
underway running | held paused suspended | cut reduced decreased shortened lowered
diverted steered | revoked invalidated | returned answered responded | reached connected accessed | backoff withdrew
withheld held | published publication | wentout released deployed rollout | wentout sent | deployed applied
rollout deploying | released published | merged landed | shipped delivered | deploy deployment
redeployed redeployment | compiled assembled | packaged bundled | restarted recycled | restart reboot bounce
reloaded reload | expanded enlarged grew | expanded scaleup | added provisioned | capacity headroom
diverted redirected rerouted | diverted routed | steered routed directed | switched failover changed
failover switchover | shifted diverted | balanced distributed | rebalanced redistributed rebalance | balancing balance
opened filed | filed submitted created | opened submitted | drafted wrote | authored wrote | generated created
removed pulled withdrew stripped | ejected evicted removed | expelled removed | takedown removal
barred blocked banned | banned blocked ban | denylisted blocked | disabled shutoff | deactivated shutoff
disconnected detached unplugged | disconnected cut | severed disconnected | isolated quarantined
separated segregated | fenced isolated | amended changed | tweaked adjusted | altered edited | marked set flagged
turned became | turned changed | converted changed transformed | overrode bypassed | bypassed circumvented skipped
relaxed loosened | tightened hardened strengthened | restricted limited | restriction limit limitation
throttled slowed | throttle limit | capped limited | freed reclaimed | freed released | reclaimed recovered
pruned trimmed removed | trimmed reduced | compacted compressed | copied transferred | transfer copy copying
copied cloned duplicated mirrored | clone copy | imported loaded | exported extracted
uploaded pushed | published pushed
downloaded fetched pulled | fetched retrieved | retrieved obtained got | saved stored kept written | stored held
held contained carried included | kept held maintained | maintained preserved | archived stored | backup dump
snapshot backup | served answered handled | served delivered | processed served | processed consumed | consumed read
delivered sent delivery sending | dispatched sent | issued sent emitted | posted sent | transmitted sent
streamed flowed stream flow | published sent | queued enqueued | invoked called | ran used | used ran employed
employed used | operating running | active operating | active running | idle inactive unused | inactive disabled
booted started | bootstrapped started | initialised started | executed performed | performed did made | conducted did
reopened opened | replayed reprocessed rerun replay | reran repeated | repeated retried | retry attempt
reissued replaced | swapped switched | exchange replacement | rotation replacement renewal | rotated changed
granted allowed permitted | authorised allowed permitted authorized approved | privilege permission right
login signin authentication | logon login | signon login | password credential | username user | tested exercised
trial test | rehearsed tested | probed checked tested | healthcheck probe | heartbeat ping | compared checked
audited reviewed checked audit | reconciled matched | validated tested | calculated computed | measured recorded
counted totalled | debugged analysed | profiled analysed | cleaned purged | cleaned cleared | flushed emptied
clear empty | drained shrank shrinking | drained cleared emptied | drained processed | drained decreased
backfilled filled | populated filled | refilled filled | warmed primed | tuned optimised
optimised improved optimized | hardened secured | migrated shifted | migration move transfer | relocation move
moved shifted | move shift transfer | server machine box | host box | machine computer | computer device | vm machine
fleet servers machines | database datastore | datastore store | datastore storage | filesystem disk | disk drive
drive volume | cpu processor compute | network net | link connection circuit | circuit line | fibre fiber cable
router device | loadbalancer balancer | firewall filter | dns nameserver | domain hostname | hostname host name
address ip | api interface | interface ui frontend | website webpage portal | portal site | page screen
app application program | program software application | program script | script job | software code program
tool utility program | module component | subsystem component system | system platform | platform service
service application | service system | microservice service | product service | function feature functionality
feature capability | functionality capability | toggle flag switch | flag setting option parameter
parameter setting option argument | setting option value | configuration settings | config settings | threshold cutoff
allowance quota | schedule timetable | cronjob job | command instruction | query statement | call request
statement command | shell session | schema structure | index indexing indexed | indexing indexation | patch update
change modification alteration adjustment | changeset change | update change | upgrade update | edit change
tweak adjustment change | revision version | log logs logging | logfile log | chart dashboard
metric figure measurement | figure number | statistic figure | counter count | load traffic | load demand
traffic demand | throughput rate | bandwidth throughput | responsetime latency | roundtrip latency
availability uptime | uptime availability | failover takeover | takeover promotion | primary main | main principal
primary leader | shard partition | partition split | zone area | region area | region location | location site
site datacenter | rack cabinet | encryption encrypted | synchronisation replication sync | producer publisher
"""
#: Read like the phrases of `synonym_tables`.
PHRASES = """
load balancer=loadbalancer | power cycle=restarted | go out=wentout | put out=released | put live=released
take off=removed | take out=removed | strip out=removed | weed out=removed | lock out=blocked | shut out=blocked
shut off=disabled | cut over=switched | look over=reviewed | read through=reviewed | go through=reviewed
go over to=switched | wipe out=wiped | wipe clean=wiped | copy over=copied | copy out=exfiltrated | move over=moved
bring across=moved | swap over=swapped | set about=began | set to work=began | get under way=began
get underway=began | get going=began | kick in=activated | wrap up=finished | round off=finished
turn back on=enabled | switch back on=enabled | turn back=reverted | pass on=forwarded | send on=forwarded
send back=returned | hand out=issued | pull in=called | patch up=patched | roll forward=rollforward | stand by=standby
hot fix=hotfix | web server=webserver | web page=webpage | web site=website | file system=filesystem
health check=healthcheck | time to live=ttl | data store=datastore | data base=database | name server=nameserver
host name=hostname | cron job=cronjob | response time=responsetime | round trip=roundtrip | feature flag=flag
feature toggle=flag | feature switch=flag | status page=statuspage | make change=changed
"""
#: The first implies the second: what a thing is, and what doing it takes.
IMPLIED = """
rescheduled moved | oomkilled killed | oomkilled oom | oomkilled memory | oomkilled runout | oom memory | cpu usage
cpu utilisation | cpu load
steered moved | steered diverted | rolledback reverted | postgres database | postgresql database | mysql database
mariadb database | mongodb database | cassandra database | oracle database | dynamodb database | redis cache
memcached cache | sqlite database | aurora database | rds database | cockroachdb database | elasticsearch database
bigquery database | snowflake database | clickhouse database | kafka broker | kafka queue | rabbitmq broker
rabbitmq queue | sqs queue | s3 storage | s3 bucket | ebs storage | nginx proxy | nginx server | haproxy loadbalancer
haproxy proxy | envoy proxy | elb loadbalancer | alb loadbalancer | lb loadbalancer | balancer loadbalancer
k8s cluster | eks cluster | ec2 server | ec2 instance | prometheus monitoring | grafana monitoring
datadog monitoring | cloudwatch monitoring | nagios monitoring | zabbix monitoring | pagerduty paging
pagerduty monitoring | opsgenie paging | sentry monitoring | statuspage page | p99 latency | p95 latency | p50 latency
p90 latency | oauth authentication | sso login | mfa authentication | 2fa authentication | ldap authentication
okta login | jenkins pipeline | terraform tool | helm tool | ansible tool | dns resolver | cookie session
token credential | password secret | token secret | key secret | certificate credential | key credential
credential secret | apikey key | rm command | rm deleted | rm deleting | kubectl command | curl command | sql query
select query | cron job | antivirus software | firmware software | driver software | agent software | library software
binary program | script program | plugin software | kernel software | pod instance | vm machine | laptop computer
laptop machine | laptop device | phone device | pullrequest change | hotfix change | migration change
rollback change | upgrade change | deploy change | deployment change | toggle change | config change | switched moved
diverted moved | rerouted moved | failover switched | failover moved | swapped changed | cloned copied
mirrored copied | dump copy | snapshot copy | backup copy | replica copy | exported copied | redeployed deployed
redeployed again | reinstalled installed | reinstalled again | rebuilt built | rebuilt again | reconnected connected
reconnected again | reattached attached | reattached again | recreated created | recreated again | restarted started
restarted again | reopened opened | reloaded loaded | reloaded again | resent sent | resent again | rerun ran
rerun again | retried tried | retried again | reassigned assigned | reprocessed processed | reprocessed again
reissued issued | reissued again | reindexed indexed | reindexed again | reregistered registered | reregistered again
resubmitted submitted | resubmitted again | reactivated activated | reactivated again | reenabled enabled
reenabled again | reallocated allocated | rebalanced balanced | reran ran | reran again | redistributed distributed
reimported imported | rescheduled scheduled | reintroduced introduced
reintroduced again | resynced synced | resynced again | resynchronised synchronised | remounted mounted
remounted again | provisioned created | provisioned added | bootstrapped created | compiled created | evicted removed
quarantined removed | blocked stopped | throttled slowed | throttled limited | paused stopped | suspended stopped
cancelled stopped | aborted stopped | interrupted stopped | killed stopped | canary deployment
"""
