"""Classes of words about people, what they say and decide, companies and money, and when; see `synonym_tables`."""

CLASSES = """
said remarked | said commented | stated declared | announced posted published | announced stated | declared announced
explained said | explained clarified | described explained | described outlined | noted said | wrote said
wrote noted | posted wrote | shared posted said | told said | passed reported | passed reported forwarded
conveyed reported told | communicated announced posted | communication announcement message | announcement post notice
bulletin notice | notice message | notification message | reported mentioned | statement announcement
conceded admitted acknowledged | acknowledged recognised | apologised sorry apology | promised pledged
agreed consented accepted | agreement consent | asked enquired inquired | asked questioned | asked invited
requested sought | petitioned requested | reacted responded reaction response | replied wrote
predicted forecast expected anticipated foresaw projected | prediction forecast expectation | estimated reckoned
estimate assessment | believed considered | considered thought deemed regarded judged | belief assumption
belief opinion | meant intended | meaning intending | suspected presumed | decided opted determined | decided ruled
decision choice | engaged involved | summoned called paged | called invited | convened called gathered
joined entered | assembled gathered | consulted spoke | talked spoke discussed | discussed debated | discussion talk
escalation escalated | delegated assigned | appointed named | nominated named | oversaw supervised managed
supported aided helped assisted | collaborated worked cooperated | worked laboured | engineer developer
administrator admin operator | head lead chief leader | executive officer | staff employees personnel | employee staff
personnel workforce | team squad | team department | department unit division | helpdesk support | supportdesk support
company firm business enterprise organisation organization | company corporation | customer subscriber | client user
merchant retailer shop seller | guest visitor | visitor user | partner counterparty | supplier vendor contractor
bank institution | regulator authority supervisor | authorities regulator | payout disbursement | refund reimbursement
refunded reimbursed repaid | repaid refunded | charged billed debited | charge fee | fee cost | cost expense
fine penalty | fined penalised | paid settled | settled resolved | settlement settled | bought purchased
invoice bill | billing invoicing | money funds | amount sum | revenue turnover income | profit earnings | traded dealt
stocks shares equities | processed executed | authorisation authorization approval | authorised approved
contract agreement | charges accusations allegations | lawsuit case | law regulation | rule regulation
compliance conformity | reportable notifiable | disclosed announced | prepared drafted | plan intention
planned foreseen | intended meant planned | aim goal purpose | purpose intention | objective goal target | target goal
priority importance | important significant | urgent pressing | documented recorded wrote | documentation document
documented described | guide manual runbook | runbook playbook | procedure process | instructions guide
training exercise | postmortem review retrospective | lesson learning | mail email message letter | email message
chat channel | channel room | conversation discussion | thread conversation | request inquiry enquiry query
inquiry question | question query | swiftly promptly quickly | expected should ought | likely probably presumably
may might possible possibly perhaps maybe potentially potential | meanwhile simultaneously | simultaneously parallel
dawn morning | annual yearly | beginning onset | end close conclusion finish | finally ultimately eventually
interval period | gap interval | lull pause | length duration | duration period | span period | throughout across
together jointly | jointly together collectively | alone solo | separately independently
separate independent distinct | same identical | comparable similar | furthermore additionally moreover | list series
series sequence | series set | series batch | batch set group | bunch group | range variety | kind type sort
type kind | sort kind | category type class | class type | part section piece | section part | piece part
basis foundation | technique method | state situation condition | background context | detail particulars
details information | information data | data information | fact data | content data | contents data | record data
name title | title heading | label tag | tag label mark | mark label | identifier id | worded phrased
entitled titled called named
"""
#: Read like the phrases of `synonym_tables`.
PHRASES = """
on call=oncall | put to rest=settled | make known=announced | make public=published | let know=informed
give notice=notified | speak to=contacted | get hold=contacted | put forward=proposed | go along=agreed
draw up=drafted | write up=documented | note down=recorded | look like=seemed | take part=participated
bring together=gathered | call on=asked | call for=requested | draw on=used | give up=abandoned | give back=returned
hand back=returned | pay back=refunded | stand down=stooddown | stand in=replaced | take charge=led | be in charge=led
at once=immediately | right away=immediately | straight away=immediately | one after another=successively
one by one=successively | all at once=simultaneously | side by side=parallel | over night=overnight
"""
#: The first implies the second.
IMPLIED = """
hypothesis suspected | theory suspected | guess suspected | suspicion suspected | assumption assumed | hunch suspected |
acknowledged responded | acknowledged answered | paused temporarily | merchant customer | cardholder customer
tenant customer | subscriber customer | delivered arrived | conceded said | admitted said | remarked said
stated said | declared said | mentioned said | commented said | noted said | promised said | apologised said
predicted said | forecast said | listed said | shared said | posted said | disclosed said | described said
announced reported | stated reported | confirmed reported | conceded confirmed | cto chief | cfo chief | ceo chief
svp executive | vp executive | engineer employee | developer employee | technician employee | administrator employee
bank company | supplier company | retailer company | payout payment | transfer payment | transfer transaction
refund transaction | dollar money | euro money | email message | mail message | tweet post | tweet message
sms message | letter message | memo message | comment message | post message | notification message
alert notification | alert signal | alarm signal | page alert | page alarm | laptop computer | phoned contacted
emailed contacted | messaged contacted | mailed contacted | paged contacted | paged alerted | paged called
escalated contacted | notified contacted | alerted contacted | phoned called | consulted contacted
joined participated | mentioned noted | bought acquired
"""
