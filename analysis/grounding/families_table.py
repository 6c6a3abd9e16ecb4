"""Words of one family that `stems` does not bring together: a verb and its noun, an adjective, spellings."""

CLASSES = """
proposed proposal | dismissed dismissal | survived survival | reversed reversal | disposed disposal
retrieved retrieval | seized seizure | erased erasure | inquired inquiry | evolved evolution | expanded expansion
divided division | collided collision | supervised supervision | converted conversion | diverted diversion
reverted reversion | inverted inversion | admitted admission | submitted submission | transmitted transmission
omitted omission | maintained maintenance | multiplied multiplication | assumed assumption | resumed resumption
presumed presumption | perceived perception | subscribed subscription | sold sale | analysed analysis analyzed
died death | short shortage | stopped stoppage | broke breakage | defended defence defense | retained retention
attended attention | repeated repetition | defined definition | added addition | acquired acquisition
succeeded success | exceeded excess | destroyed destruction | merged merger | detained detention
constrained constraint | restrained restraint | occupied occupation | suspicious suspect suspicion
anomaly anomalous anomalies | fault faulty | frequent frequency frequently | consistent consistency
inconsistent inconsistency | redundant redundancy | private privacy | wide width | high height | strong strength
broad breadth | labelled labeled | behaviour behavior | centre center | licence license | catalogue catalog
programme program | modelled modeled | fulfilled fulfil fulfill | enrolled enrolment enrollment | favoured favored
artefact artifact | judged judgement judgment | acknowledgement acknowledgment acknowledged | instability unstable
inaccessibility inaccessible | irregularity irregular | similarity similar | validity valid | severity severe
intensity intense | density dense | activity active | inactivity inactive | exhausted exhaustion
duplicated duplication | degraded degradation | fluctuated fluctuation | oscillated oscillation
reconciled reconciliation | compensated compensation | reimbursed reimbursement | disbursed disbursement
slowdown slowed | lockout locked | backlogged backlog | bottlenecked bottleneck | blacklisted blacklist
whitelisted whitelist | allowlisted allowlist | denylisted denylist | misroute misrouted | mishandled mishandling
european europe | british britain | danish denmark | german germany | french france | swedish sweden
norwegian norway | dutch netherlands | irish ireland | japanese japan | indian india
"""
