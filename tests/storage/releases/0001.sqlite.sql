BEGIN TRANSACTION;
CREATE TABLE accounts (
	id INTEGER NOT NULL, 
	person_id INTEGER NOT NULL, 
	channel VARCHAR(16) NOT NULL, 
	address VARCHAR(128) NOT NULL, 
	chat VARCHAR(128) NOT NULL, 
	unreachable_at DATETIME, 
	seen_at DATETIME NOT NULL, 
	CONSTRAINT pk_accounts PRIMARY KEY (id), 
	CONSTRAINT fk_accounts_person_id FOREIGN KEY(person_id) REFERENCES people (id), 
	CONSTRAINT uq_accounts_channel_address UNIQUE (channel, address)
);
INSERT INTO "accounts" VALUES(1,1,'test','張先生','張先生',NULL,'2026-11-27 08:01:00.000000');
INSERT INTO "accounts" VALUES(2,2,'test','外人','外人',NULL,'2026-11-27 08:01:00.000000');
INSERT INTO "accounts" VALUES(3,3,'test','李主任','李主任',NULL,'2026-11-27 08:01:00.000000');
INSERT INTO "accounts" VALUES(4,4,'test','王師傅','王師傅',NULL,'2026-11-27 08:01:00.000000');
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0001');
CREATE TABLE assets (
	id INTEGER NOT NULL, 
	customer_id INTEGER, 
	model TEXT NOT NULL, 
	serial VARCHAR(64) DEFAULT '' NOT NULL, 
	sticker VARCHAR(64), 
	address TEXT DEFAULT '' NOT NULL, 
	branch VARCHAR(64) DEFAULT '' NOT NULL, 
	purchased_on VARCHAR(10) DEFAULT '' NOT NULL, 
	created_at DATETIME NOT NULL, 
	CONSTRAINT pk_assets PRIMARY KEY (id), 
	CONSTRAINT fk_assets_customer_id FOREIGN KEY(customer_id) REFERENCES people (id), 
	CONSTRAINT uq_assets_sticker UNIQUE (sticker)
);
CREATE TABLE cards (
	id INTEGER NOT NULL, 
	person_id INTEGER NOT NULL, 
	subject VARCHAR(48) NOT NULL, 
	channel VARCHAR(16) NOT NULL, 
	chat VARCHAR(128) NOT NULL, 
	ref VARCHAR(128) NOT NULL, 
	body_hash VARCHAR(64) DEFAULT '' NOT NULL, 
	headline JSON, 
	at DATETIME NOT NULL, 
	CONSTRAINT pk_cards PRIMARY KEY (id), 
	CONSTRAINT fk_cards_person_id FOREIGN KEY(person_id) REFERENCES people (id), 
	CONSTRAINT uq_cards_person_id_subject_channel_chat UNIQUE (person_id, subject, channel, chat)
);
INSERT INTO "cards" VALUES(1,1,'order:1','test','張先生','9','aa','{"text": "notice.signed"}','2026-11-27 08:01:00.000000');
CREATE TABLE contacts (
	id INTEGER NOT NULL, 
	seq BIGINT NOT NULL, 
	medium VARCHAR(16) NOT NULL, 
	person_id INTEGER NOT NULL, 
	order_id INTEGER, 
	text TEXT DEFAULT '' NOT NULL, 
	received_at DATETIME NOT NULL, 
	answered_at DATETIME, 
	answered_by INTEGER, 
	answer TEXT DEFAULT '' NOT NULL, 
	CONSTRAINT pk_contacts PRIMARY KEY (id), 
	CONSTRAINT fk_contacts_order_id FOREIGN KEY(order_id) REFERENCES orders (id), 
	CONSTRAINT uq_contacts_seq UNIQUE (seq)
);
CREATE TABLE conversations (
	id INTEGER NOT NULL, 
	person_id INTEGER NOT NULL, 
	flow VARCHAR(32) NOT NULL, 
	order_id INTEGER, 
	args JSON NOT NULL, 
	answers JSON NOT NULL, 
	turn INTEGER NOT NULL, 
	asked VARCHAR(64) DEFAULT '' NOT NULL, 
	state VARCHAR(16) NOT NULL, 
	created_at DATETIME NOT NULL, 
	updated_at DATETIME NOT NULL, 
	CONSTRAINT pk_conversations PRIMARY KEY (id), 
	CONSTRAINT ck_conversations_state CHECK (state IN ('live', 'parked', 'done', 'cancelled')), 
	CONSTRAINT fk_conversations_order_id FOREIGN KEY(order_id) REFERENCES orders (id), 
	CONSTRAINT fk_conversations_person_id FOREIGN KEY(person_id) REFERENCES people (id)
);
INSERT INTO "conversations" VALUES(1,1,'report',NULL,'{}','[["fault", "\u5ba2\u5ef3\u51b7\u6c23\u6f0f\u6c34"], ["photos", []], ["model", "\u5927\u91d1 FTXV50"], ["address", {"address": "\u53f0\u5317\u5e02\u5927\u5b89\u5340\u548c\u5e73\u6771\u8def\u4e00\u6bb5 1 \u865f"}], ["contact", {"name": "\u5f35\u5148\u751f", "phone": ""}], ["phone", "+886912345678"], ["zone", "urban"], ["confirm", true]]',7,'confirm','done','2026-11-27 08:00:00.000000','2026-11-27 08:00:00.000000');
INSERT INTO "conversations" VALUES(2,4,'arrive',1,'{"is_late": false}','[["place", null], ["met", "\u5f35\u5148\u751f"]]',2,'met','done','2026-11-27 08:00:00.000000','2026-11-27 08:00:00.000000');
INSERT INTO "conversations" VALUES(3,4,'listen',1,'{}','[["account", "\u6628\u665a\u958b\u59cb\u6ef4\u6c34"], ["usage_conditions", null], ["before_fault", null], ["after_fault", null], ["photos", []], ["confirm", true]]',6,'confirm','done','2026-11-27 08:00:00.000000','2026-11-27 08:00:00.000000');
INSERT INTO "conversations" VALUES(4,4,'look',1,'{}','[["warranty_verdict", "in"], ["tampered", false], ["photos", []], ["confirm", true]]',4,'confirm','done','2026-11-27 08:00:00.000000','2026-11-27 08:00:00.000000');
INSERT INTO "conversations" VALUES(5,4,'check',1,'{}','[["component", "\u6392\u6c34\u7ba1"], ["checks_done", null], ["root_cause", "\u6392\u6c34\u7ba1\u5835\u585e"], ["cause_class", "wear"], ["photos", []], ["confirm", true]]',6,'confirm','done','2026-11-27 08:00:00.000000','2026-11-27 08:00:00.000000');
INSERT INTO "conversations" VALUES(6,4,'act',1,'{}','[["action_taken", "\u901a\u7ba1\u4e26\u6e05\u6d17"], ["responsibility", "none"], ["user_agrees", "yes"], ["result", "fixed"], ["parts_used", false], ["advice", null], ["photos", []], ["confirm", true]]',8,'confirm','done','2026-11-27 08:00:00.000000','2026-11-27 08:00:00.000000');
INSERT INTO "conversations" VALUES(7,4,'test',1,'{}','[["customer_test", "pass"], ["site_cleaned", true]]',2,'site_cleaned','done','2026-11-27 08:00:00.000000','2026-11-27 08:00:00.000000');
INSERT INTO "conversations" VALUES(8,4,'sign',1,'{"shown": "\u6e2c\u8a66\u5bb6\u96fb \u670d\u52d9\u5831\u544a 2611-0001\n\u5ba2\u6236\uff1a\u5f35\u5148\u751f\n\u6a5f\u5668\uff1a\u5927\u91d1 FTXV50\n\u6545\u969c\uff1a\u5ba2\u5ef3\u51b7\u6c23\u6f0f\u6c34\n\u6280\u5e2b\uff1a\u738b\u5e2b\u5085\n\u5230\u5834\uff1a11\u670827\u65e5 \u9031\u4e94 16:00\n\u3010\u807d\u3011\n\u5ba2\u6236\u8aaa\uff1a\u6628\u665a\u958b\u59cb\u6ef4\u6c34\n\u3010\u770b\u3011\n\u4fdd\u56fa\uff1a\u4fdd\u56fa\u5167\n\u66fe\u88ab\u62c6\u52d5\uff1a\u5426\n\u3010\u67e5\u3011\n\u90e8\u4ef6\uff1a\u6392\u6c34\u7ba1\n\u539f\u56e0\uff1a\u6392\u6c34\u7ba1\u5835\u585e\n\u539f\u56e0\u985e\u5225\uff1a\u81ea\u7136\u78e8\u640d\n\u3010\u4f5c\u51fa\u8655\u7406\u3011\n\u8655\u7406\uff1a\u901a\u7ba1\u4e26\u6e05\u6d17\n\u8cac\u4efb\uff1a\u7121\uff08\u81ea\u7136\u640d\u8017\uff09\n\u5ba2\u6236\u610f\u898b\uff1a\u540c\u610f\n\u7d50\u679c\uff1a\u4fee\u597d\u4e86\n\u3010\u5ba2\u6236\u8a66\u6a5f\u3011\n\u5ba2\u6236\u8a66\u6a5f\uff1a\u6b63\u5e38"}','[["comment", null], ["signer", "\u5f35\u5148\u751f"], ["signer_role", "customer"], ["picture", {"photo": "4495dc826c31443e2d009cce05ab01f672417ebe9fa6cd15c8f78ab87baef669", "sent_at": "2026-11-27T16:01:00+08:00"}]]',4,'picture','done','2026-11-27 08:01:00.000000','2026-11-27 08:01:00.000000');
INSERT INTO "conversations" VALUES(9,4,'leave',1,'{}','[]',1,'proposal','live','2026-11-27 08:01:00.000000','2026-11-27 08:01:00.000000');
INSERT INTO "conversations" VALUES(10,2,'report',NULL,'{}','[["fault", "\u51b0\u7bb1\u4e0d\u51b7"], ["photos", []], ["model", "\u5927\u91d1 FTXV50"], ["address", {"address": "\u53f0\u5317\u5e02\u5927\u5b89\u5340\u548c\u5e73\u6771\u8def\u4e00\u6bb5 1 \u865f"}], ["contact", {"name": "\u5f35\u5148\u751f", "phone": ""}], ["phone", "+886912345678"], ["zone", "urban"], ["confirm", true]]',7,'confirm','done','2026-11-27 08:01:00.000000','2026-11-27 08:01:00.000000');
INSERT INTO "conversations" VALUES(11,3,'ask_back',2,'{}','[["questions", "\u5e7e\u6a13\uff1f"]]',1,'questions','done','2026-11-27 08:01:00.000000','2026-11-27 08:01:00.000000');
CREATE TABLE crew (
	order_id INTEGER NOT NULL, 
	person_id INTEGER NOT NULL, 
	tie VARCHAR(16) NOT NULL, 
	CONSTRAINT pk_crew PRIMARY KEY (order_id, person_id), 
	CONSTRAINT ck_crew_tie CHECK (tie IN ('crew', 'offered')), 
	CONSTRAINT fk_crew_order_id FOREIGN KEY(order_id) REFERENCES orders (id), 
	CONSTRAINT fk_crew_person_id FOREIGN KEY(person_id) REFERENCES people (id)
);
INSERT INTO "crew" VALUES(1,4,'crew');
CREATE TABLE deadlines (
	id INTEGER NOT NULL, 
	order_id INTEGER NOT NULL, 
	clock VARCHAR(24) NOT NULL, 
	state VARCHAR(16) NOT NULL, 
	due_at DATETIME NOT NULL, 
	next_at DATETIME, 
	rung INTEGER DEFAULT '0' NOT NULL, 
	watch JSON NOT NULL, 
	met_at DATETIME, 
	breach_reason TEXT DEFAULT '' NOT NULL, 
	CONSTRAINT pk_deadlines PRIMARY KEY (id), 
	CONSTRAINT ck_deadlines_state CHECK (state IN ('running', 'met', 'dropped')), 
	CONSTRAINT fk_deadlines_order_id FOREIGN KEY(order_id) REFERENCES orders (id), 
	CONSTRAINT uq_deadlines_order_id_clock UNIQUE (order_id, clock)
);
INSERT INTO "deadlines" VALUES(1,1,'arrival','met','2026-11-28 06:00:00.000000',NULL,0,'{"promise": {"clock": "arrival", "limit": {"length": "PT6H", "base": "working", "rule": "SLA-4", "warn_after": null}, "started_at": "2026-11-27T08:00:00Z", "due_at": "2026-11-28T06:00:00Z", "points": [[50, "2026-11-28T02:00:00Z"], [80, "2026-11-28T03:48:00Z"], [100, "2026-11-28T06:00:00Z"], [150, "2026-11-28T09:00:00Z"]]}, "rung": 0, "acknowledged_by": null, "acknowledged_at": null, "snoozed_until": null, "last_at": null, "breach_at": null}','2026-11-27 08:00:00.000000','');
INSERT INTO "deadlines" VALUES(2,1,'acceptance','met','2026-11-27 08:15:00.000000',NULL,0,'{"promise": {"clock": "acceptance", "limit": {"length": "PT15M", "base": "clock", "rule": "DSP-6", "warn_after": null}, "started_at": "2026-11-27T08:00:00Z", "due_at": "2026-11-27T08:15:00Z", "points": [[50, "2026-11-27T08:07:30Z"], [80, "2026-11-27T08:12:00Z"], [100, "2026-11-27T08:15:00Z"], [150, "2026-11-27T08:22:30Z"]]}, "rung": 0, "acknowledged_by": null, "acknowledged_at": null, "snoozed_until": null, "last_at": null, "breach_at": null}','2026-11-27 08:00:00.000000','');
INSERT INTO "deadlines" VALUES(3,2,'arrival','running','2026-11-28 06:01:00.000000','2026-11-28 02:01:00.000000',0,'{"promise": {"clock": "arrival", "limit": {"length": "PT6H", "base": "working", "rule": "SLA-4", "warn_after": null}, "started_at": "2026-11-27T08:01:00Z", "due_at": "2026-11-28T06:01:00Z", "points": [[50, "2026-11-28T02:01:00Z"], [80, "2026-11-28T03:49:00Z"], [100, "2026-11-28T06:01:00Z"], [150, "2026-11-28T09:01:00Z"]]}, "rung": 0, "acknowledged_by": null, "acknowledged_at": null, "snoozed_until": null, "last_at": null, "breach_at": null}',NULL,'');
CREATE TABLE digests (
	kind VARCHAR(24) NOT NULL, 
	period VARCHAR(24) NOT NULL, 
	person_id INTEGER NOT NULL, 
	at DATETIME NOT NULL, 
	CONSTRAINT pk_digests PRIMARY KEY (kind, period, person_id)
);
CREATE TABLE files (
	sha256 VARCHAR(64) NOT NULL, 
	mime VARCHAR(64) NOT NULL, 
	size BIGINT NOT NULL, 
	width INTEGER DEFAULT '0' NOT NULL, 
	height INTEGER DEFAULT '0' NOT NULL, 
	near_hash VARCHAR(64) DEFAULT '' NOT NULL, 
	meta JSON DEFAULT '{}' NOT NULL, 
	"by" INTEGER, 
	at DATETIME NOT NULL, 
	CONSTRAINT pk_files PRIMARY KEY (sha256), 
	CONSTRAINT ck_files_size CHECK (size >= 0)
);
INSERT INTO "files" VALUES('4495dc826c31443e2d009cce05ab01f672417ebe9fa6cd15c8f78ab87baef669','image/jpeg',1000,0,0,'4495dc826c31443e2d009cce05ab01f672417ebe9fa6cd15c8f78ab87baef669','{}',NULL,'2026-11-27 08:01:00.000000');
CREATE TABLE findings (
	id INTEGER NOT NULL, 
	order_id INTEGER NOT NULL, 
	step VARCHAR(16) NOT NULL, 
	version INTEGER NOT NULL, 
	answers JSON NOT NULL, 
	"by" INTEGER NOT NULL, 
	at DATETIME NOT NULL, 
	CONSTRAINT pk_findings PRIMARY KEY (id), 
	CONSTRAINT fk_findings_order_id FOREIGN KEY(order_id) REFERENCES orders (id), 
	CONSTRAINT uq_findings_order_id_step_version UNIQUE (order_id, step, version)
);
INSERT INTO "findings" VALUES(1,1,'arrive',1,'{"met": "\u5f35\u5148\u751f", "place": null, "late_reason": null, "introduced": true}',4,'2026-11-27 08:00:00.000000');
INSERT INTO "findings" VALUES(2,1,'listen',1,'{"account": "\u6628\u665a\u958b\u59cb\u6ef4\u6c34", "usage_conditions": null, "before_fault": null, "after_fault": null, "photos": []}',4,'2026-11-27 08:00:00.000000');
INSERT INTO "findings" VALUES(3,1,'look',1,'{"warranty_verdict": "in", "tampered": false, "photos": []}',4,'2026-11-27 08:00:00.000000');
INSERT INTO "findings" VALUES(4,1,'check',1,'{"component": "\u6392\u6c34\u7ba1", "checks_done": null, "root_cause": "\u6392\u6c34\u7ba1\u5835\u585e", "cause_class": "wear", "photos": []}',4,'2026-11-27 08:00:00.000000');
INSERT INTO "findings" VALUES(5,1,'act',1,'{"action_taken": "\u901a\u7ba1\u4e26\u6e05\u6d17", "responsibility": "none", "user_agrees": "yes", "result": "fixed", "parts_used": false, "advice": null, "photos": []}',4,'2026-11-27 08:00:00.000000');
INSERT INTO "findings" VALUES(6,1,'test',1,'{"customer_test": "pass", "site_cleaned": true}',4,'2026-11-27 08:00:00.000000');
CREATE TABLE inbox (
	id INTEGER NOT NULL, 
	channel VARCHAR(16) NOT NULL, 
	chat VARCHAR(128) NOT NULL, 
	event_key VARCHAR(160) NOT NULL, 
	raw TEXT NOT NULL, 
	received_at DATETIME NOT NULL, 
	state VARCHAR(16) NOT NULL, 
	attempts INTEGER DEFAULT '0' NOT NULL, 
	done_at DATETIME, 
	error VARCHAR(32) DEFAULT '' NOT NULL, 
	CONSTRAINT pk_inbox PRIMARY KEY (id), 
	CONSTRAINT ck_inbox_state CHECK (state IN ('waiting', 'done', 'set_aside')), 
	CONSTRAINT uq_inbox_channel_event_key UNIQUE (channel, event_key)
);
INSERT INTO "inbox" VALUES(1,'telegram','77','1001:ab','{"update":{"text":"\u9084\u6c92\u8655\u7406 \ud83d\udee0\ufe0f","half":"\ud83d"}}','2026-11-27 08:01:00.000000','waiting',1,NULL,'');
INSERT INTO "inbox" VALUES(2,'telegram','77','1000:aa','{"update":{}}','2026-11-27 08:01:00.000000','done',1,'2026-11-27 08:01:00.000000','');
CREATE TABLE invitations (
	id INTEGER NOT NULL, 
	code_hash VARCHAR(64) NOT NULL, 
	role VARCHAR(32) NOT NULL, 
	branch VARCHAR(64) NOT NULL, 
	created_by INTEGER, 
	created_at DATETIME NOT NULL, 
	expires_at DATETIME NOT NULL, 
	used_at DATETIME, 
	used_by INTEGER, 
	revoked_at DATETIME, 
	CONSTRAINT pk_invitations PRIMARY KEY (id), 
	CONSTRAINT uq_invitations_code_hash UNIQUE (code_hash)
);
INSERT INTO "invitations" VALUES(1,'9deb6f03f338d045c604c3432e43ba04b0ef36999bac24ba2d5ded9a7f03b861','technician','main',3,'2026-11-27 08:01:00.000000','2026-11-28 08:01:00.000000',NULL,NULL,NULL);
CREATE TABLE journal (
	id INTEGER NOT NULL, 
	subject VARCHAR(48) NOT NULL, 
	seq INTEGER NOT NULL, 
	kind VARCHAR(48) NOT NULL, 
	"by" INTEGER, 
	at DATETIME NOT NULL, 
	rule VARCHAR(32) DEFAULT '' NOT NULL, 
	message VARCHAR(96) DEFAULT '' NOT NULL, 
	facts JSON NOT NULL, 
	previous VARCHAR(64) NOT NULL, 
	hash VARCHAR(64) NOT NULL, 
	CONSTRAINT pk_journal PRIMARY KEY (id), 
	CONSTRAINT uq_journal_subject_seq UNIQUE (subject, seq)
);
INSERT INTO "journal" VALUES(1,'order:1',1,'order.registered',1,'2026-11-27 08:00:00.000000','INT-1','8','{"branch": "main", "n_photos": 0}','0000000000000000000000000000000000000000000000000000000000000000','dc85f80977b2420635e067ba79d2379eb7b1b5589753cf8f78528ab344182a92');
INSERT INTO "journal" VALUES(2,'order:1',2,'order.queued',1,'2026-11-27 08:00:00.000000','','8','{}','dc85f80977b2420635e067ba79d2379eb7b1b5589753cf8f78528ab344182a92','5223ca4b95d4b050b07a8527f39e07d315749cb890b4042149623ef098d0bb58');
INSERT INTO "journal" VALUES(3,'order:1',3,'order.dispatched',3,'2026-11-27 08:00:00.000000','DSP-1','9','{"crew": [4], "lead": 4, "passed_over": 0}','5223ca4b95d4b050b07a8527f39e07d315749cb890b4042149623ef098d0bb58','4239e1dfc8a0848f73f78ddd38c6c6670aaf86ad27e9a421ad3f59b4ccd35667');
INSERT INTO "journal" VALUES(4,'order:1',4,'order.accepted',4,'2026-11-27 08:00:00.000000','DSP-6','10','{}','4239e1dfc8a0848f73f78ddd38c6c6670aaf86ad27e9a421ad3f59b4ccd35667','9ed31e86354bffdb1e51224938d09cb374e4f9213eacf559a9a173639dbb70e9');
INSERT INTO "journal" VALUES(5,'order:1',5,'checklist.ticked',4,'2026-11-27 08:00:00.000000','PRE-1','12','{"entry": "task_read"}','9ed31e86354bffdb1e51224938d09cb374e4f9213eacf559a9a173639dbb70e9','4e1bb61cdc4d6241f59454646ed501f9d810beaa56923e8d75abd9c8a4daf337');
INSERT INTO "journal" VALUES(6,'order:1',6,'user.called',4,'2026-11-27 08:00:00.000000','PRE-2','14','{"reached": true}','4e1bb61cdc4d6241f59454646ed501f9d810beaa56923e8d75abd9c8a4daf337','084e208270249a045b958fb0c955d619c4027aabd6479e513c0a01886e943ce7');
INSERT INTO "journal" VALUES(7,'order:1',7,'checklist.ticked',4,'2026-11-27 08:00:00.000000','PRE-1','15','{"entry": "parts_packed"}','084e208270249a045b958fb0c955d619c4027aabd6479e513c0a01886e943ce7','23bfee6ba43f830de98cb775c71262e80db5207bb03608ba1fe801922ff3cd6f');
INSERT INTO "journal" VALUES(8,'order:1',8,'checklist.ticked',4,'2026-11-27 08:00:00.000000','PRE-1','16','{"entry": "shoe_covers"}','23bfee6ba43f830de98cb775c71262e80db5207bb03608ba1fe801922ff3cd6f','511692db6f7a2b36b91c55f1fda66f1451ca8cddc8456f33f04d8d0be2ed78ee');
INSERT INTO "journal" VALUES(9,'order:1',9,'order.departed_for_customer',4,'2026-11-27 08:00:00.000000','PRE-3','17','{}','511692db6f7a2b36b91c55f1fda66f1451ca8cddc8456f33f04d8d0be2ed78ee','c2944d2f6f7f61b3a19b45d4ad88f7196287f1fa7286fd304857aed5ae3926d7');
INSERT INTO "journal" VALUES(10,'order:1',10,'order.arrived',4,'2026-11-27 08:00:00.000000','VIS-1','18','{}','c2944d2f6f7f61b3a19b45d4ad88f7196287f1fa7286fd304857aed5ae3926d7','54027963a5f62ffcf666d89077c7c8ebce0383dfc36e6b6c3ee2275721bdd026');
INSERT INTO "journal" VALUES(11,'order:1',11,'step.saved',4,'2026-11-27 08:00:00.000000','VIS-1','20','{"step": "arrive", "version": 1}','54027963a5f62ffcf666d89077c7c8ebce0383dfc36e6b6c3ee2275721bdd026','83b4e91a81692bf7baeecddcb684451c1d26237c3a0caf59b76c9fcc5120e56f');
INSERT INTO "journal" VALUES(12,'order:1',12,'step.opened',4,'2026-11-27 08:00:00.000000','','21','{"step": "listen"}','83b4e91a81692bf7baeecddcb684451c1d26237c3a0caf59b76c9fcc5120e56f','535c26ea6f4fdb0d7fe018732027d6f152b70524d52bbf68e55f6cfc4cfbf21c');
INSERT INTO "journal" VALUES(13,'order:1',13,'step.saved',4,'2026-11-27 08:00:00.000000','VIS-3','27','{"step": "listen", "version": 1}','535c26ea6f4fdb0d7fe018732027d6f152b70524d52bbf68e55f6cfc4cfbf21c','f31a86fd7260d401a59bb292c800a75dee4d853d5fd691fff84073464fa4779f');
INSERT INTO "journal" VALUES(14,'order:1',14,'step.opened',4,'2026-11-27 08:00:00.000000','','28','{"step": "look"}','f31a86fd7260d401a59bb292c800a75dee4d853d5fd691fff84073464fa4779f','09eb50d700a3ed020776ff9666f03e603ee9b2c5081015a3ddfe2b8807ef6262');
INSERT INTO "journal" VALUES(15,'order:1',15,'step.saved',4,'2026-11-27 08:00:00.000000','VIS-4','32','{"step": "look", "version": 1}','09eb50d700a3ed020776ff9666f03e603ee9b2c5081015a3ddfe2b8807ef6262','409444c5313ff87ece052890a33773a48cc961d80cc8a3d1527a6e8231f044ae');
INSERT INTO "journal" VALUES(16,'order:1',16,'step.opened',4,'2026-11-27 08:00:00.000000','','33','{"step": "check"}','409444c5313ff87ece052890a33773a48cc961d80cc8a3d1527a6e8231f044ae','4e80dd2774ad5b2ac57c9e6ae33b35bf3a3f0ad8a72c8bb8ef505ce0b7f9520d');
INSERT INTO "journal" VALUES(17,'order:1',17,'step.saved',4,'2026-11-27 08:00:00.000000','VIS-5','39','{"step": "check", "version": 1}','4e80dd2774ad5b2ac57c9e6ae33b35bf3a3f0ad8a72c8bb8ef505ce0b7f9520d','96a8a29a767991851e9e67db087aaa872ab9e84cf402f2533c9b7ff6ee19d2e1');
INSERT INTO "journal" VALUES(18,'order:1',18,'step.opened',4,'2026-11-27 08:00:00.000000','','40','{"step": "act"}','96a8a29a767991851e9e67db087aaa872ab9e84cf402f2533c9b7ff6ee19d2e1','69bf25f238e42fd7992168223fccc021bb0a9f773da113a5009464bbe9df99f1');
INSERT INTO "journal" VALUES(19,'order:1',19,'step.saved',4,'2026-11-27 08:00:00.000000','VIS-6','48','{"step": "act", "version": 1}','69bf25f238e42fd7992168223fccc021bb0a9f773da113a5009464bbe9df99f1','6b75a3a5c9bf67cd107b43d06989e3b07723100708de0e62269c5e63e9b009cb');
INSERT INTO "journal" VALUES(20,'order:1',20,'step.opened',4,'2026-11-27 08:00:00.000000','','49','{"step": "test"}','6b75a3a5c9bf67cd107b43d06989e3b07723100708de0e62269c5e63e9b009cb','0df153288a63d860413abdfa003336f47a6a2ba51e1c70a6f6b1f31c585c6207');
INSERT INTO "journal" VALUES(21,'order:1',21,'step.saved',4,'2026-11-27 08:00:00.000000','VIS-11','51','{"step": "test", "version": 1}','0df153288a63d860413abdfa003336f47a6a2ba51e1c70a6f6b1f31c585c6207','f88ae56babcbf9e9d5bd370f12dc9137282ab8ac7b039c3bef3e9fb30c7a2462');
INSERT INTO "journal" VALUES(22,'order:1',22,'service.finished',4,'2026-11-27 08:00:00.000000','SIG-2','51','{}','f88ae56babcbf9e9d5bd370f12dc9137282ab8ac7b039c3bef3e9fb30c7a2462','9c7c1eb222053a44e680ffd21a1c25e60e359c2a2f59beb6e9185f1503d6fd36');
INSERT INTO "journal" VALUES(23,'order:1',23,'report.shown',4,'2026-11-27 08:01:00.000000','SIG-10','52','{"has_comment": false}','9c7c1eb222053a44e680ffd21a1c25e60e359c2a2f59beb6e9185f1503d6fd36','d4f69474dad6fe3e83a012a222d5e9b9c91e3c4832ca82a9b512a854ded14d8c');
INSERT INTO "journal" VALUES(24,'order:1',24,'order.signed',4,'2026-11-27 08:01:00.000000','SIG-1','56','{"version": 1, "digest": "c13c09d37dbd0e3cd2bc9c6c210fe79c3f765c5b850cd454323acd8e104068a6", "picture": "4495dc826c31443e2d009cce05ab01f672417ebe9fa6cd15c8f78ab87baef669", "flags": []}','d4f69474dad6fe3e83a012a222d5e9b9c91e3c4832ca82a9b512a854ded14d8c','50640b0f2de7e6777d9c5dca87b365c3d00accb511a8767a0ef2a7752908dd48');
INSERT INTO "journal" VALUES(25,'order:2',1,'order.registered',2,'2026-11-27 08:01:00.000000','INT-1','65','{"branch": "main", "n_photos": 0}','0000000000000000000000000000000000000000000000000000000000000000','9749f1509c07a9d4e51e24636e04b12e38656fd5f38e5726665fbdb96136680f');
INSERT INTO "journal" VALUES(26,'order:2',2,'order.queued',2,'2026-11-27 08:01:00.000000','','65','{}','9749f1509c07a9d4e51e24636e04b12e38656fd5f38e5726665fbdb96136680f','a728548b94153072ab0880b44f34c3a8945c22b8e4f70bb5823fe1810065d6b6');
INSERT INTO "journal" VALUES(27,'order:2',3,'order.needs_clarification',3,'2026-11-27 08:01:00.000000','INT-3','67','{"by_hand": true}','a728548b94153072ab0880b44f34c3a8945c22b8e4f70bb5823fe1810065d6b6','1efcdb1a88a29b07c600e67d430c66bf28963f35512d9f6cd6598c08ff47941e');
CREATE TABLE meta (
	"key" VARCHAR(64) NOT NULL, 
	value TEXT NOT NULL, 
	CONSTRAINT pk_meta PRIMARY KEY ("key")
);
CREATE TABLE orders (
	id INTEGER NOT NULL, 
	number VARCHAR(24) NOT NULL, 
	stage VARCHAR(32) NOT NULL, 
	version INTEGER NOT NULL, 
	branch VARCHAR(64) NOT NULL, 
	customer_id INTEGER NOT NULL, 
	lead_id INTEGER, 
	asset_id INTEGER, 
	customer_name TEXT DEFAULT '' NOT NULL, 
	phone VARCHAR(32) DEFAULT '' NOT NULL, 
	serial VARCHAR(64) DEFAULT '' NOT NULL, 
	is_open BOOLEAN NOT NULL, 
	reported_at DATETIME NOT NULL, 
	next_due_at DATETIME, 
	"order" JSON NOT NULL, 
	CONSTRAINT pk_orders PRIMARY KEY (id), 
	CONSTRAINT ck_orders_version CHECK (version >= 0), 
	CONSTRAINT fk_orders_asset_id FOREIGN KEY(asset_id) REFERENCES assets (id), 
	CONSTRAINT fk_orders_customer_id FOREIGN KEY(customer_id) REFERENCES people (id), 
	CONSTRAINT fk_orders_lead_id FOREIGN KEY(lead_id) REFERENCES people (id), 
	CONSTRAINT uq_orders_number UNIQUE (number)
);
INSERT INTO "orders" VALUES(1,'2611-0001','signed',20,'main',1,4,NULL,'張先生','886912345678','',1,'2026-11-27 08:00:00.000000',NULL,'{"id": 1, "number": "2611-0001", "stage": "signed", "branch": "main", "profile": "appliance", "policy_version": "4f2be5232bd7", "customer": 1, "report": {"customer_name": "\u5f35\u5148\u751f", "address": "\u53f0\u5317\u5e02\u5927\u5b89\u5340\u548c\u5e73\u6771\u8def\u4e00\u6bb5 1 \u865f", "phone": "+886912345678", "model": "\u5927\u91d1 FTXV50", "serial": "", "contact": "\u5f35\u5148\u751f", "fault": "\u5ba2\u5ef3\u51b7\u6c23\u6f0f\u6c34", "state_when_failed": "", "latitude": null, "longitude": null, "zone": "urban", "distance_km": null, "fault_kind": "", "supplier_needed": false, "reported_to_marketing": false, "is_urgent": false, "photos": [], "voices": [], "kind": "repair"}, "reported_at": "2026-11-27T16:00:00+08:00", "version": 20, "asset": null, "lead": 4, "crew": [4], "offered_to": [], "declined_by": [], "service_class": null, "questions": "", "briefing": "", "carried_over_on": "", "dispatched_at": "2026-11-27T16:00:00+08:00", "dispatched_by": 3, "accepted_at": "2026-11-27T16:00:00+08:00", "checklist": ["task_read", "called_user", "parts_packed", "shoe_covers"], "overrides": {}, "departed_at": "2026-11-27T16:00:00+08:00", "arrived_at": "2026-11-27T16:00:00+08:00", "findings": {"arrive": {"version": 1, "answers": {"met": "\u5f35\u5148\u751f", "place": null, "late_reason": null, "introduced": true}, "by": 4, "at": "2026-11-27T16:00:00+08:00"}, "listen": {"version": 1, "answers": {"account": "\u6628\u665a\u958b\u59cb\u6ef4\u6c34", "usage_conditions": null, "before_fault": null, "after_fault": null, "photos": []}, "by": 4, "at": "2026-11-27T16:00:00+08:00"}, "look": {"version": 1, "answers": {"warranty_verdict": "in", "tampered": false, "photos": []}, "by": 4, "at": "2026-11-27T16:00:00+08:00"}, "check": {"version": 1, "answers": {"component": "\u6392\u6c34\u7ba1", "checks_done": null, "root_cause": "\u6392\u6c34\u7ba1\u5835\u585e", "cause_class": "wear", "photos": []}, "by": 4, "at": "2026-11-27T16:00:00+08:00"}, "act": {"version": 1, "answers": {"action_taken": "\u901a\u7ba1\u4e26\u6e05\u6d17", "responsibility": "none", "user_agrees": "yes", "result": "fixed", "parts_used": false, "advice": null, "photos": []}, "by": 4, "at": "2026-11-27T16:00:00+08:00"}, "test": {"version": 1, "answers": {"customer_test": "pass", "site_cleaned": true}, "by": 4, "at": "2026-11-27T16:00:00+08:00"}}, "finished_at": "2026-11-27T16:00:00+08:00", "customer_comment": "", "comment_asked_at": "2026-11-27T16:01:00+08:00", "preview": "\u6e2c\u8a66\u5bb6\u96fb \u670d\u52d9\u5831\u544a 2611-0001\n\u5ba2\u6236\uff1a\u5f35\u5148\u751f\n\u6a5f\u5668\uff1a\u5927\u91d1 FTXV50\n\u6545\u969c\uff1a\u5ba2\u5ef3\u51b7\u6c23\u6f0f\u6c34\n\u6280\u5e2b\uff1a\u738b\u5e2b\u5085\n\u5230\u5834\uff1a11\u670827\u65e5 \u9031\u4e94 16:00\n\u3010\u807d\u3011\n\u5ba2\u6236\u8aaa\uff1a\u6628\u665a\u958b\u59cb\u6ef4\u6c34\n\u3010\u770b\u3011\n\u4fdd\u56fa\uff1a\u4fdd\u56fa\u5167\n\u66fe\u88ab\u62c6\u52d5\uff1a\u5426\n\u3010\u67e5\u3011\n\u90e8\u4ef6\uff1a\u6392\u6c34\u7ba1\n\u539f\u56e0\uff1a\u6392\u6c34\u7ba1\u5835\u585e\n\u539f\u56e0\u985e\u5225\uff1a\u81ea\u7136\u78e8\u640d\n\u3010\u4f5c\u51fa\u8655\u7406\u3011\n\u8655\u7406\uff1a\u901a\u7ba1\u4e26\u6e05\u6d17\n\u8cac\u4efb\uff1a\u7121\uff08\u81ea\u7136\u640d\u8017\uff09\n\u5ba2\u6236\u610f\u898b\uff1a\u540c\u610f\n\u7d50\u679c\uff1a\u4fee\u597d\u4e86\n\u3010\u5ba2\u6236\u8a66\u6a5f\u3011\n\u5ba2\u6236\u8a66\u6a5f\uff1a\u6b63\u5e38", "seals": [{"version": 1, "digest": "c13c09d37dbd0e3cd2bc9c6c210fe79c3f765c5b850cd454323acd8e104068a6", "summary": "\u6e2c\u8a66\u5bb6\u96fb \u670d\u52d9\u5831\u544a 2611-0001\n\u5ba2\u6236\uff1a\u5f35\u5148\u751f\n\u6a5f\u5668\uff1a\u5927\u91d1 FTXV50\n\u6545\u969c\uff1a\u5ba2\u5ef3\u51b7\u6c23\u6f0f\u6c34\n\u6280\u5e2b\uff1a\u738b\u5e2b\u5085\n\u5230\u5834\uff1a11\u670827\u65e5 \u9031\u4e94 16:00\n\u3010\u807d\u3011\n\u5ba2\u6236\u8aaa\uff1a\u6628\u665a\u958b\u59cb\u6ef4\u6c34\n\u3010\u770b\u3011\n\u4fdd\u56fa\uff1a\u4fdd\u56fa\u5167\n\u66fe\u88ab\u62c6\u52d5\uff1a\u5426\n\u3010\u67e5\u3011\n\u90e8\u4ef6\uff1a\u6392\u6c34\u7ba1\n\u539f\u56e0\uff1a\u6392\u6c34\u7ba1\u5835\u585e\n\u539f\u56e0\u985e\u5225\uff1a\u81ea\u7136\u78e8\u640d\n\u3010\u4f5c\u51fa\u8655\u7406\u3011\n\u8655\u7406\uff1a\u901a\u7ba1\u4e26\u6e05\u6d17\n\u8cac\u4efb\uff1a\u7121\uff08\u81ea\u7136\u640d\u8017\uff09\n\u5ba2\u6236\u610f\u898b\uff1a\u540c\u610f\n\u7d50\u679c\uff1a\u4fee\u597d\u4e86\n\u3010\u5ba2\u6236\u8a66\u6a5f\u3011\n\u5ba2\u6236\u8a66\u6a5f\uff1a\u6b63\u5e38", "signature": "4495dc826c31443e2d009cce05ab01f672417ebe9fa6cd15c8f78ab87baef669", "signer": "\u5f35\u5148\u751f", "signer_role": "customer", "comment": "", "at": "2026-11-27T16:01:00+08:00", "by": 4, "is_void": false, "void_reason": "", "flags": []}], "problem": null, "holds": [], "brief": "", "left_at": null, "next_word": "", "register_cancelled_by": null, "approved_by": null, "return_remarks": "", "closing_reason": "", "disputes": []}');
INSERT INTO "orders" VALUES(2,'2611-0002','needs_clarification',1,'main',2,NULL,NULL,'張先生','886912345678','',1,'2026-11-27 08:01:00.000000','2026-11-28 06:01:00.000000','{"id": 2, "number": "2611-0002", "stage": "needs_clarification", "branch": "main", "profile": "appliance", "policy_version": "4f2be5232bd7", "customer": 2, "report": {"customer_name": "\u5f35\u5148\u751f", "address": "\u53f0\u5317\u5e02\u5927\u5b89\u5340\u548c\u5e73\u6771\u8def\u4e00\u6bb5 1 \u865f", "phone": "+886912345678", "model": "\u5927\u91d1 FTXV50", "serial": "", "contact": "\u5f35\u5148\u751f", "fault": "\u51b0\u7bb1\u4e0d\u51b7", "state_when_failed": "", "latitude": null, "longitude": null, "zone": "urban", "distance_km": null, "fault_kind": "", "supplier_needed": false, "reported_to_marketing": false, "is_urgent": false, "photos": [], "voices": [], "kind": "repair"}, "reported_at": "2026-11-27T16:01:00+08:00", "version": 1, "asset": null, "lead": null, "crew": [], "offered_to": [], "declined_by": [], "service_class": null, "questions": "\u5e7e\u6a13\uff1f", "briefing": "", "carried_over_on": "", "dispatched_at": null, "dispatched_by": null, "accepted_at": null, "checklist": [], "overrides": {}, "departed_at": null, "arrived_at": null, "findings": {}, "finished_at": null, "customer_comment": "", "comment_asked_at": null, "preview": "", "seals": [], "problem": null, "holds": [], "brief": "", "left_at": null, "next_word": "", "register_cancelled_by": null, "approved_by": null, "return_remarks": "", "closing_reason": "", "disputes": []}');
CREATE TABLE outbox (
	id INTEGER NOT NULL, 
	person_id INTEGER, 
	channel VARCHAR(16) NOT NULL, 
	chat VARCHAR(128) NOT NULL, 
	kind VARCHAR(16) NOT NULL, 
	priority INTEGER NOT NULL, 
	is_must BOOLEAN NOT NULL, 
	order_id INTEGER, 
	subject VARCHAR(48) DEFAULT '' NOT NULL, 
	body JSON NOT NULL, 
	dedup VARCHAR(128), 
	created_at DATETIME NOT NULL, 
	not_before DATETIME NOT NULL, 
	attempts INTEGER DEFAULT '0' NOT NULL, 
	state VARCHAR(16) NOT NULL, 
	lease_until DATETIME, 
	holder VARCHAR(48) DEFAULT '' NOT NULL, 
	ref VARCHAR(128) DEFAULT '' NOT NULL, 
	frozen JSON, 
	done_at DATETIME, 
	reason VARCHAR(64) DEFAULT '' NOT NULL, 
	CONSTRAINT pk_outbox PRIMARY KEY (id), 
	CONSTRAINT ck_outbox_state CHECK (state IN ('waiting', 'sent', 'dead', 'dropped')), 
	CONSTRAINT fk_outbox_person_id FOREIGN KEY(person_id) REFERENCES people (id), 
	CONSTRAINT uq_outbox_dedup UNIQUE (dedup)
);
INSERT INTO "outbox" VALUES(1,1,'test','張先生','say',0,1,NULL,'talk:1','{"text": "report.photos", "facts": {}, "rows": [[{"label": {"text": "ask.photos-done"}, "token": "q.1.1.0", "tone": "primary"}], [{"label": {"text": "ask.back", "facts": {}}, "token": "q.1.1.b", "tone": "plain"}, {"label": {"text": "ask.cancel", "facts": {}}, "token": "q.1.1.x", "tone": "danger"}]], "lines": [], "hint": "photo"}',NULL,'2026-11-27 08:00:00.000000','2026-11-27 08:00:00.000000',0,'waiting',NULL,'','',NULL,NULL,'');
INSERT INTO "outbox" VALUES(2,1,'test','張先生','say',0,1,NULL,'talk:1','{"text": "report.model", "facts": {}, "rows": [[{"label": {"text": "ask.back", "facts": {}}, "token": "q.1.2.b", "tone": "plain"}, {"label": {"text": "ask.cancel", "facts": {}}, "token": "q.1.2.x", "tone": "danger"}]], "lines": [], "hint": "text"}',NULL,'2026-11-27 08:00:00.000000','2026-11-27 08:00:00.000000',0,'waiting',NULL,'','',NULL,NULL,'');
INSERT INTO "outbox" VALUES(3,1,'test','張先生','say',0,1,NULL,'talk:1','{"text": "report.address", "facts": {}, "rows": [[{"label": {"text": "ask.back", "facts": {}}, "token": "q.1.3.b", "tone": "plain"}, {"label": {"text": "ask.cancel", "facts": {}}, "token": "q.1.3.x", "tone": "danger"}]], "lines": [], "hint": "location"}',NULL,'2026-11-27 08:00:00.000000','2026-11-27 08:00:00.000000',0,'waiting',NULL,'','',NULL,NULL,'');
INSERT INTO "outbox" VALUES(4,1,'test','張先生','say',0,1,NULL,'talk:1','{"text": "report.contact", "facts": {}, "rows": [[{"label": {"text": "ask.back", "facts": {}}, "token": "q.1.4.b", "tone": "plain"}, {"label": {"text": "ask.cancel", "facts": {}}, "token": "q.1.4.x", "tone": "danger"}]], "lines": [], "hint": "contact"}',NULL,'2026-11-27 08:00:00.000000','2026-11-27 08:00:00.000000',0,'waiting',NULL,'','',NULL,NULL,'');
INSERT INTO "outbox" VALUES(5,1,'test','張先生','say',0,1,NULL,'talk:1','{"text": "report.phone", "facts": {}, "rows": [[{"label": {"text": "ask.back", "facts": {}}, "token": "q.1.5.b", "tone": "plain"}, {"label": {"text": "ask.cancel", "facts": {}}, "token": "q.1.5.x", "tone": "danger"}]], "lines": [], "hint": "phone"}',NULL,'2026-11-27 08:00:00.000000','2026-11-27 08:00:00.000000',0,'waiting',NULL,'','',NULL,NULL,'');
INSERT INTO "outbox" VALUES(6,1,'test','張先生','say',0,1,NULL,'talk:1','{"text": "report.zone", "facts": {}, "rows": [[{"label": {"text": "report.zone.urban"}, "token": "q.1.6.0", "tone": "plain"}, {"label": {"text": "report.zone.suburban"}, "token": "q.1.6.1", "tone": "plain"}], [{"label": {"text": "ask.back", "facts": {}}, "token": "q.1.6.b", "tone": "plain"}, {"label": {"text": "ask.cancel", "facts": {}}, "token": "q.1.6.x", "tone": "danger"}]], "lines": [], "hint": "choice"}',NULL,'2026-11-27 08:00:00.000000','2026-11-27 08:00:00.000000',0,'waiting',NULL,'','',NULL,NULL,'');
INSERT INTO "outbox" VALUES(7,1,'test','張先生','say',0,1,NULL,'talk:1','{"text": "report.confirm", "facts": {}, "rows": [[{"label": {"text": "ask.confirm"}, "token": "q.1.7.0", "tone": "primary"}], [{"label": {"text": "ask.edit", "facts": {}}, "token": "q.1.7.e", "tone": "plain"}, {"label": {"text": "ask.cancel", "facts": {}}, "token": "q.1.7.x", "tone": "danger"}]], "lines": [{"text": "ask.summary-line", "facts": {"label": {"text": "report.fault.label"}, "value": "\u5ba2\u5ef3\u51b7\u6c23\u6f0f\u6c34"}}, {"text": "ask.summary-line", "facts": {"label": {"text": "report.photos.label"}, "value": {"text": "word.none"}}}, {"text": "ask.summary-line", "facts": {"label": {"text": "report.model.label"}, "value": "\u5927\u91d1 FTXV50"}}, {"text": "ask.summary-line", "facts": {"label": {"text": "report.address.label"}, "value": "\u53f0\u5317\u5e02\u5927\u5b89\u5340\u548c\u5e73\u6771\u8def\u4e00\u6bb5 1 \u865f"}}, {"text": "ask.summary-line", "facts": {"label": {"text": "report.contact.label"}, "value": "\u5f35\u5148\u751f"}}, {"text": "ask.summary-line", "facts": {"label": {"text": "report.phone.label"}, "value": "+886912345678"}}, {"text": "ask.summary-line", "facts": {"label": {"text": "report.zone.label"}, "value": {"text": "report.zone.urban"}}}], "hint": "choice"}',NULL,'2026-11-27 08:00:00.000000','2026-11-27 08:00:00.000000',0,'waiting',NULL,'','',NULL,NULL,'');
INSERT INTO "outbox" VALUES(8,1,'test','張先生','card',1,1,1,'order:1','{"headline": {"text": "notice.registered-arrival", "facts": {"number": "2611-0001", "due": {"$at": "2026-11-28T06:00:00+00:00"}}, "photos": [], "voices": []}, "is_fresh": true}',NULL,'2026-11-27 08:00:00.000000','2026-11-27 08:00:00.000000',0,'waiting',NULL,'','',NULL,NULL,'');
INSERT INTO "outbox" VALUES(9,3,'test','李主任','card',1,1,1,'order:1','{"headline": {"text": "notice.new-call", "facts": {"number": "2611-0001"}, "photos": [], "voices": []}, "is_fresh": true}',NULL,'2026-11-27 08:00:00.000000','2026-11-27 08:00:00.000000',0,'waiting',NULL,'','',NULL,NULL,'');
INSERT INTO "outbox" VALUES(10,1,'test','張先生','settle',2,0,NULL,'talk:1','{"ref": ""}',NULL,'2026-11-27 08:00:00.000000','2026-11-27 08:00:00.000000',0,'waiting',NULL,'','',NULL,NULL,'');
INSERT INTO "outbox" VALUES(11,4,'test','王師傅','card',1,1,1,'order:1','{"headline": {"text": "notice.assigned", "facts": {"number": "2611-0001"}, "photos": [], "voices": []}, "is_fresh": true}',NULL,'2026-11-27 08:00:00.000000','2026-11-27 08:00:00.000000',0,'waiting',NULL,'','',NULL,NULL,'');
INSERT INTO "outbox" VALUES(12,1,'test','張先生','card',1,1,1,'order:1','{"headline": {"text": "notice.technician-named", "facts": {"number": "2611-0001", "technician_id": 4}, "photos": [], "voices": []}, "is_fresh": true}',NULL,'2026-11-27 08:00:00.000000','2026-11-27 08:00:00.000000',0,'waiting',NULL,'','',NULL,NULL,'');
INSERT INTO "outbox" VALUES(13,3,'test','李主任','card',0,1,1,'order:1','{"headline": {"text": "done.dispatch", "facts": {"number": "2611-0001"}}, "is_fresh": true}',NULL,'2026-11-27 08:00:00.000000','2026-11-27 08:00:00.000000',0,'waiting',NULL,'','',NULL,NULL,'');
INSERT INTO "outbox" VALUES(14,3,'test','李主任','card',2,0,1,'order:1','{"headline": {"text": "notice.accepted", "facts": {"number": "2611-0001", "technician_id": 4}, "photos": [], "voices": []}, "is_fresh": false}',NULL,'2026-11-27 08:00:00.000000','2026-11-27 08:00:00.000000',0,'waiting',NULL,'','',NULL,NULL,'');
INSERT INTO "outbox" VALUES(15,4,'test','王師傅','card',0,1,1,'order:1','{"headline": {"text": "done.accept", "facts": {"number": "2611-0001"}}, "is_fresh": true}',NULL,'2026-11-27 08:00:00.000000','2026-11-27 08:00:00.000000',0,'waiting',NULL,'','',NULL,NULL,'');
INSERT INTO "outbox" VALUES(16,4,'test','王師傅','say',0,1,NULL,'list:1','{"text": "checklist.head", "facts": {"number": "2611-0001", "n_left": 4}, "rows": [[{"label": {"text": "checklist.button", "facts": {"mark": "\u2610", "what": {"text": "checklist.task_read"}}}, "token": "o.1.tick.task_read", "tone": "plain"}], [{"label": {"text": "checklist.button", "facts": {"mark": "\u2610", "what": {"text": "checklist.called_user"}}}, "token": "o.1.tick.called_user", "tone": "plain"}], [{"label": {"text": "checklist.button", "facts": {"mark": "\u2610", "what": {"text": "checklist.parts_packed"}}}, "token": "o.1.tick.parts_packed", "tone": "plain"}], [{"label": {"text": "checklist.button", "facts": {"mark": "\u2610", "what": {"text": "checklist.shoe_covers"}}}, "token": "o.1.tick.shoe_covers", "tone": "plain"}], [{"label": {"text": "button.override", "facts": {}}, "token": "o.1.override", "tone": "plain"}]], "lines": [], "hint": ""}',NULL,'2026-11-27 08:00:00.000000','2026-11-27 08:00:00.000000',0,'waiting',NULL,'','',NULL,NULL,'');
INSERT INTO "outbox" VALUES(17,4,'test','王師傅','say',0,1,NULL,'list:1','{"text": "checklist.head", "facts": {"number": "2611-0001", "n_left": 3}, "rows": [[{"label": {"text": "checklist.button", "facts": {"mark": "\u2611", "what": {"text": "checklist.task_read"}}}, "token": "o.1.tick.task_read", "tone": "plain"}], [{"label": {"text": "checklist.button", "facts": {"mark": "\u2610", "what": {"text": "checklist.called_user"}}}, "token": "o.1.tick.called_user", "tone": "plain"}], [{"label": {"text": "checklist.button", "facts": {"mark": "\u2610", "what": {"text": "checklist.parts_packed"}}}, "token": "o.1.tick.parts_packed", "tone": "plain"}], [{"label": {"text": "checklist.button", "facts": {"mark": "\u2610", "what": {"text": "checklist.shoe_covers"}}}, "token": "o.1.tick.shoe_covers", "tone": "plain"}], [{"label": {"text": "button.override", "facts": {}}, "token": "o.1.override", "tone": "plain"}]], "lines": [], "hint": "", "edits": true}',NULL,'2026-11-27 08:00:00.000000','2026-11-27 08:00:00.000000',0,'waiting',NULL,'','',NULL,NULL,'');
INSERT INTO "outbox" VALUES(18,4,'test','王師傅','say',0,1,NULL,'','{"text": "called.ask", "facts": {"contact": "\u5f35\u5148\u751f", "phone": "+886912345678"}, "rows": [[{"label": {"text": "called.yes", "facts": {}}, "token": "o.1.called.1", "tone": "plain"}, {"label": {"text": "called.no", "facts": {}}, "token": "o.1.called.0", "tone": "plain"}]], "lines": [], "hint": ""}',NULL,'2026-11-27 08:00:00.000000','2026-11-27 08:00:00.000000',0,'waiting',NULL,'','',NULL,NULL,'');
INSERT INTO "outbox" VALUES(19,4,'test','王師傅','say',0,1,NULL,'list:1','{"text": "checklist.head", "facts": {"number": "2611-0001", "n_left": 2}, "rows": [[{"label": {"text": "checklist.button", "facts": {"mark": "\u2611", "what": {"text": "checklist.task_read"}}}, "token": "o.1.tick.task_read", "tone": "plain"}], [{"label": {"text": "checklist.button", "facts": {"mark": "\u2611", "what": {"text": "checklist.called_user"}}}, "token": "o.1.tick.called_user", "tone": "plain"}], [{"label": {"text": "checklist.button", "facts": {"mark": "\u2610", "what": {"text": "checklist.parts_packed"}}}, "token": "o.1.tick.parts_packed", "tone": "plain"}], [{"label": {"text": "checklist.button", "facts": {"mark": "\u2610", "what": {"text": "checklist.shoe_covers"}}}, "token": "o.1.tick.shoe_covers", "tone": "plain"}], [{"label": {"text": "button.override", "facts": {}}, "token": "o.1.override", "tone": "plain"}]], "lines": [], "hint": "", "edits": true}',NULL,'2026-11-27 08:00:00.000000','2026-11-27 08:00:00.000000',0,'waiting',NULL,'','',NULL,NULL,'');
INSERT INTO "outbox" VALUES(20,4,'test','王師傅','say',0,1,NULL,'list:1','{"text": "checklist.head", "facts": {"number": "2611-0001", "n_left": 1}, "rows": [[{"label": {"text": "checklist.button", "facts": {"mark": "\u2611", "what": {"text": "checklist.task_read"}}}, "token": "o.1.tick.task_read", "tone": "plain"}], [{"label": {"text": "checklist.button", "facts": {"mark": "\u2611", "what": {"text": "checklist.called_user"}}}, "token": "o.1.tick.called_user", "tone": "plain"}], [{"label": {"text": "checklist.button", "facts": {"mark": "\u2611", "what": {"text": "checklist.parts_packed"}}}, "token": "o.1.tick.parts_packed", "tone": "plain"}], [{"label": {"text": "checklist.button", "facts": {"mark": "\u2610", "what": {"text": "checklist.shoe_covers"}}}, "token": "o.1.tick.shoe_covers", "tone": "plain"}], [{"label": {"text": "button.override", "facts": {}}, "token": "o.1.override", "tone": "plain"}]], "lines": [], "hint": "", "edits": true}',NULL,'2026-11-27 08:00:00.000000','2026-11-27 08:00:00.000000',0,'waiting',NULL,'','',NULL,NULL,'');
INSERT INTO "outbox" VALUES(21,4,'test','王師傅','say',0,1,NULL,'list:1','{"text": "checklist.head", "facts": {"number": "2611-0001", "n_left": 0}, "rows": [[{"label": {"text": "checklist.button", "facts": {"mark": "\u2611", "what": {"text": "checklist.task_read"}}}, "token": "o.1.tick.task_read", "tone": "plain"}], [{"label": {"text": "checklist.button", "facts": {"mark": "\u2611", "what": {"text": "checklist.called_user"}}}, "token": "o.1.tick.called_user", "tone": "plain"}], [{"label": {"text": "checklist.button", "facts": {"mark": "\u2611", "what": {"text": "checklist.parts_packed"}}}, "token": "o.1.tick.parts_packed", "tone": "plain"}], [{"label": {"text": "checklist.button", "facts": {"mark": "\u2611", "what": {"text": "checklist.shoe_covers"}}}, "token": "o.1.tick.shoe_covers", "tone": "plain"}], [{"label": {"text": "button.depart", "facts": {}}, "token": "o.1.depart", "tone": "primary"}]], "lines": [], "hint": "", "edits": true}',NULL,'2026-11-27 08:00:00.000000','2026-11-27 08:00:00.000000',0,'waiting',NULL,'','',NULL,NULL,'');
INSERT INTO "outbox" VALUES(22,1,'test','張先生','card',1,1,1,'order:1','{"headline": {"text": "notice.on-the-way", "facts": {"number": "2611-0001", "technician_id": 4}, "photos": [], "voices": []}, "is_fresh": true}',NULL,'2026-11-27 08:00:00.000000','2026-11-27 08:00:00.000000',0,'waiting',NULL,'','',NULL,NULL,'');
INSERT INTO "outbox" VALUES(23,4,'test','王師傅','card',0,1,1,'order:1','{"headline": {"text": "done.depart", "facts": {"number": "2611-0001"}}, "is_fresh": true}',NULL,'2026-11-27 08:00:00.000000','2026-11-27 08:00:00.000000',0,'waiting',NULL,'','',NULL,NULL,'');
INSERT INTO "outbox" VALUES(24,3,'test','李主任','card',2,0,1,'order:1','{"headline": {"text": "notice.arrived", "facts": {"number": "2611-0001", "technician_id": 4}, "photos": [], "voices": []}, "is_fresh": false}',NULL,'2026-11-27 08:00:00.000000','2026-11-27 08:00:00.000000',0,'waiting',NULL,'','',NULL,NULL,'');
INSERT INTO "outbox" VALUES(25,4,'test','王師傅','say',0,1,1,'talk:2','{"text": "arrive.place", "facts": {}, "rows": [[{"label": {"text": "ask.skip", "facts": {}}, "token": "q.2.1.s", "tone": "plain"}, {"label": {"text": "ask.cancel", "facts": {}}, "token": "q.2.1.x", "tone": "danger"}]], "lines": [], "hint": "location"}',NULL,'2026-11-27 08:00:00.000000','2026-11-27 08:00:00.000000',0,'waiting',NULL,'','',NULL,NULL,'');
INSERT INTO "outbox" VALUES(26,4,'test','王師傅','say',0,1,1,'talk:2','{"text": "arrive.met", "facts": {}, "rows": [[{"label": {"text": "ask.back", "facts": {}}, "token": "q.2.2.b", "tone": "plain"}, {"label": {"text": "ask.cancel", "facts": {}}, "token": "q.2.2.x", "tone": "danger"}]], "lines": [], "hint": "text"}',NULL,'2026-11-27 08:00:00.000000','2026-11-27 08:00:00.000000',0,'waiting',NULL,'','',NULL,NULL,'');
INSERT INTO "outbox" VALUES(27,4,'test','王師傅','card',0,1,1,'order:1','{"headline": {"text": "done.arrive", "facts": {"number": "2611-0001"}}, "is_fresh": true}',NULL,'2026-11-27 08:00:00.000000','2026-11-27 08:00:00.000000',0,'waiting',NULL,'','',NULL,NULL,'');
INSERT INTO "outbox" VALUES(28,4,'test','王師傅','settle',2,0,NULL,'talk:2','{"ref": ""}',NULL,'2026-11-27 08:00:00.000000','2026-11-27 08:00:00.000000',0,'waiting',NULL,'','',NULL,NULL,'');
INSERT INTO "outbox" VALUES(29,4,'test','王師傅','say',0,1,1,'talk:3','{"text": "listen.account", "facts": {}, "rows": [[{"label": {"text": "ask.cancel", "facts": {}}, "token": "q.3.1.x", "tone": "danger"}]], "lines": [], "hint": "text"}',NULL,'2026-11-27 08:00:00.000000','2026-11-27 08:00:00.000000',0,'waiting',NULL,'','',NULL,NULL,'');
INSERT INTO "outbox" VALUES(30,4,'test','王師傅','say',0,1,1,'talk:3','{"text": "listen.usage_conditions", "facts": {}, "rows": [[{"label": {"text": "ask.skip", "facts": {}}, "token": "q.3.2.s", "tone": "plain"}, {"label": {"text": "ask.back", "facts": {}}, "token": "q.3.2.b", "tone": "plain"}, {"label": {"text": "ask.cancel", "facts": {}}, "token": "q.3.2.x", "tone": "danger"}]], "lines": [], "hint": "text"}',NULL,'2026-11-27 08:00:00.000000','2026-11-27 08:00:00.000000',0,'waiting',NULL,'','',NULL,NULL,'');
INSERT INTO "outbox" VALUES(31,4,'test','王師傅','say',0,1,1,'talk:3','{"text": "listen.before_fault", "facts": {}, "rows": [[{"label": {"text": "ask.skip", "facts": {}}, "token": "q.3.3.s", "tone": "plain"}, {"label": {"text": "ask.back", "facts": {}}, "token": "q.3.3.b", "tone": "plain"}, {"label": {"text": "ask.cancel", "facts": {}}, "token": "q.3.3.x", "tone": "danger"}]], "lines": [], "hint": "text"}',NULL,'2026-11-27 08:00:00.000000','2026-11-27 08:00:00.000000',0,'waiting',NULL,'','',NULL,NULL,'');
INSERT INTO "outbox" VALUES(32,4,'test','王師傅','say',0,1,1,'talk:3','{"text": "listen.after_fault", "facts": {}, "rows": [[{"label": {"text": "ask.skip", "facts": {}}, "token": "q.3.4.s", "tone": "plain"}, {"label": {"text": "ask.back", "facts": {}}, "token": "q.3.4.b", "tone": "plain"}, {"label": {"text": "ask.cancel", "facts": {}}, "token": "q.3.4.x", "tone": "danger"}]], "lines": [], "hint": "text"}',NULL,'2026-11-27 08:00:00.000000','2026-11-27 08:00:00.000000',0,'waiting',NULL,'','',NULL,NULL,'');
INSERT INTO "outbox" VALUES(33,4,'test','王師傅','say',0,1,1,'talk:3','{"text": "listen.photos", "facts": {}, "rows": [[{"label": {"text": "ask.photos-done"}, "token": "q.3.5.0", "tone": "primary"}], [{"label": {"text": "ask.back", "facts": {}}, "token": "q.3.5.b", "tone": "plain"}, {"label": {"text": "ask.cancel", "facts": {}}, "token": "q.3.5.x", "tone": "danger"}]], "lines": [], "hint": "photo"}',NULL,'2026-11-27 08:00:00.000000','2026-11-27 08:00:00.000000',0,'waiting',NULL,'','',NULL,NULL,'');
INSERT INTO "outbox" VALUES(34,4,'test','王師傅','say',0,1,1,'talk:3','{"text": "listen.confirm", "facts": {}, "rows": [[{"label": {"text": "ask.confirm"}, "token": "q.3.6.0", "tone": "primary"}], [{"label": {"text": "ask.edit", "facts": {}}, "token": "q.3.6.e", "tone": "plain"}, {"label": {"text": "ask.cancel", "facts": {}}, "token": "q.3.6.x", "tone": "danger"}]], "lines": [{"text": "ask.summary-line", "facts": {"label": {"text": "listen.account.label"}, "value": "\u6628\u665a\u958b\u59cb\u6ef4\u6c34"}}, {"text": "ask.summary-line", "facts": {"label": {"text": "listen.usage_conditions.label"}, "value": {"text": "word.none"}}}, {"text": "ask.summary-line", "facts": {"label": {"text": "listen.before_fault.label"}, "value": {"text": "word.none"}}}, {"text": "ask.summary-line", "facts": {"label": {"text": "listen.after_fault.label"}, "value": {"text": "word.none"}}}, {"text": "ask.summary-line", "facts": {"label": {"text": "listen.photos.label"}, "value": {"text": "word.none"}}}], "hint": "choice"}',NULL,'2026-11-27 08:00:00.000000','2026-11-27 08:00:00.000000',0,'waiting',NULL,'','',NULL,NULL,'');
INSERT INTO "outbox" VALUES(35,4,'test','王師傅','card',0,1,1,'order:1','{"headline": {"text": "done.listen", "facts": {"number": "2611-0001"}}, "is_fresh": true}',NULL,'2026-11-27 08:00:00.000000','2026-11-27 08:00:00.000000',0,'waiting',NULL,'','',NULL,NULL,'');
INSERT INTO "outbox" VALUES(36,4,'test','王師傅','settle',2,0,NULL,'talk:3','{"ref": ""}',NULL,'2026-11-27 08:00:00.000000','2026-11-27 08:00:00.000000',0,'waiting',NULL,'','',NULL,NULL,'');
INSERT INTO "outbox" VALUES(37,4,'test','王師傅','say',0,1,1,'talk:4','{"text": "look.warranty_verdict", "facts": {}, "rows": [[{"label": {"text": "look.warranty_verdict.in"}, "token": "q.4.1.0", "tone": "plain"}, {"label": {"text": "look.warranty_verdict.out"}, "token": "q.4.1.1", "tone": "plain"}], [{"label": {"text": "look.warranty_verdict.unclear"}, "token": "q.4.1.2", "tone": "plain"}], [{"label": {"text": "ask.cancel", "facts": {}}, "token": "q.4.1.x", "tone": "danger"}]], "lines": [], "hint": "choice"}',NULL,'2026-11-27 08:00:00.000000','2026-11-27 08:00:00.000000',0,'waiting',NULL,'','',NULL,NULL,'');
INSERT INTO "outbox" VALUES(38,4,'test','王師傅','say',0,1,1,'talk:4','{"text": "look.tampered", "facts": {}, "rows": [[{"label": {"text": "word.yes"}, "token": "q.4.2.0", "tone": "plain"}, {"label": {"text": "word.no"}, "token": "q.4.2.1", "tone": "plain"}], [{"label": {"text": "ask.back", "facts": {}}, "token": "q.4.2.b", "tone": "plain"}, {"label": {"text": "ask.cancel", "facts": {}}, "token": "q.4.2.x", "tone": "danger"}]], "lines": [], "hint": "choice"}',NULL,'2026-11-27 08:00:00.000000','2026-11-27 08:00:00.000000',0,'waiting',NULL,'','',NULL,NULL,'');
INSERT INTO "outbox" VALUES(39,4,'test','王師傅','say',0,1,1,'talk:4','{"text": "look.photos", "facts": {}, "rows": [[{"label": {"text": "ask.photos-done"}, "token": "q.4.3.0", "tone": "primary"}], [{"label": {"text": "ask.back", "facts": {}}, "token": "q.4.3.b", "tone": "plain"}, {"label": {"text": "ask.cancel", "facts": {}}, "token": "q.4.3.x", "tone": "danger"}]], "lines": [], "hint": "photo"}',NULL,'2026-11-27 08:00:00.000000','2026-11-27 08:00:00.000000',0,'waiting',NULL,'','',NULL,NULL,'');
INSERT INTO "outbox" VALUES(40,4,'test','王師傅','say',0,1,1,'talk:4','{"text": "look.confirm", "facts": {}, "rows": [[{"label": {"text": "ask.confirm"}, "token": "q.4.4.0", "tone": "primary"}], [{"label": {"text": "ask.edit", "facts": {}}, "token": "q.4.4.e", "tone": "plain"}, {"label": {"text": "ask.cancel", "facts": {}}, "token": "q.4.4.x", "tone": "danger"}]], "lines": [{"text": "ask.summary-line", "facts": {"label": {"text": "look.warranty_verdict.label"}, "value": {"text": "look.warranty_verdict.in"}}}, {"text": "ask.summary-line", "facts": {"label": {"text": "look.tampered.label"}, "value": {"text": "word.no"}}}, {"text": "ask.summary-line", "facts": {"label": {"text": "look.photos.label"}, "value": {"text": "word.none"}}}], "hint": "choice"}',NULL,'2026-11-27 08:00:00.000000','2026-11-27 08:00:00.000000',0,'waiting',NULL,'','',NULL,NULL,'');
INSERT INTO "outbox" VALUES(41,4,'test','王師傅','card',0,1,1,'order:1','{"headline": {"text": "done.look", "facts": {"number": "2611-0001"}}, "is_fresh": true}',NULL,'2026-11-27 08:00:00.000000','2026-11-27 08:00:00.000000',0,'waiting',NULL,'','',NULL,NULL,'');
INSERT INTO "outbox" VALUES(42,4,'test','王師傅','settle',2,0,NULL,'talk:4','{"ref": ""}',NULL,'2026-11-27 08:00:00.000000','2026-11-27 08:00:00.000000',0,'waiting',NULL,'','',NULL,NULL,'');
INSERT INTO "outbox" VALUES(43,4,'test','王師傅','say',0,1,1,'talk:5','{"text": "check.component", "facts": {}, "rows": [[{"label": {"text": "ask.cancel", "facts": {}}, "token": "q.5.1.x", "tone": "danger"}]], "lines": [], "hint": "text"}',NULL,'2026-11-27 08:00:00.000000','2026-11-27 08:00:00.000000',0,'waiting',NULL,'','',NULL,NULL,'');
INSERT INTO "outbox" VALUES(44,4,'test','王師傅','say',0,1,1,'talk:5','{"text": "check.checks_done", "facts": {}, "rows": [[{"label": {"text": "ask.skip", "facts": {}}, "token": "q.5.2.s", "tone": "plain"}, {"label": {"text": "ask.back", "facts": {}}, "token": "q.5.2.b", "tone": "plain"}, {"label": {"text": "ask.cancel", "facts": {}}, "token": "q.5.2.x", "tone": "danger"}]], "lines": [], "hint": "text"}',NULL,'2026-11-27 08:00:00.000000','2026-11-27 08:00:00.000000',0,'waiting',NULL,'','',NULL,NULL,'');
INSERT INTO "outbox" VALUES(45,4,'test','王師傅','say',0,1,1,'talk:5','{"text": "check.root_cause", "facts": {}, "rows": [[{"label": {"text": "ask.back", "facts": {}}, "token": "q.5.3.b", "tone": "plain"}, {"label": {"text": "ask.cancel", "facts": {}}, "token": "q.5.3.x", "tone": "danger"}]], "lines": [], "hint": "text"}',NULL,'2026-11-27 08:00:00.000000','2026-11-27 08:00:00.000000',0,'waiting',NULL,'','',NULL,NULL,'');
INSERT INTO "outbox" VALUES(46,4,'test','王師傅','say',0,1,1,'talk:5','{"text": "check.cause_class", "facts": {}, "rows": [[{"label": {"text": "check.cause_class.defect"}, "token": "q.5.4.0", "tone": "plain"}, {"label": {"text": "check.cause_class.bought_in"}, "token": "q.5.4.1", "tone": "plain"}], [{"label": {"text": "check.cause_class.wear"}, "token": "q.5.4.2", "tone": "plain"}, {"label": {"text": "check.cause_class.misuse"}, "token": "q.5.4.3", "tone": "plain"}], [{"label": {"text": "check.cause_class.third_party"}, "token": "q.5.4.4", "tone": "plain"}, {"label": {"text": "check.cause_class.installation"}, "token": "q.5.4.5", "tone": "plain"}], [{"label": {"text": "check.cause_class.unknown"}, "token": "q.5.4.6", "tone": "plain"}], [{"label": {"text": "ask.back", "facts": {}}, "token": "q.5.4.b", "tone": "plain"}, {"label": {"text": "ask.cancel", "facts": {}}, "token": "q.5.4.x", "tone": "danger"}]], "lines": [], "hint": "choice"}',NULL,'2026-11-27 08:00:00.000000','2026-11-27 08:00:00.000000',0,'waiting',NULL,'','',NULL,NULL,'');
INSERT INTO "outbox" VALUES(47,4,'test','王師傅','say',0,1,1,'talk:5','{"text": "check.photos", "facts": {}, "rows": [[{"label": {"text": "ask.photos-done"}, "token": "q.5.5.0", "tone": "primary"}], [{"label": {"text": "ask.back", "facts": {}}, "token": "q.5.5.b", "tone": "plain"}, {"label": {"text": "ask.cancel", "facts": {}}, "token": "q.5.5.x", "tone": "danger"}]], "lines": [], "hint": "photo"}',NULL,'2026-11-27 08:00:00.000000','2026-11-27 08:00:00.000000',0,'waiting',NULL,'','',NULL,NULL,'');
INSERT INTO "outbox" VALUES(48,4,'test','王師傅','say',0,1,1,'talk:5','{"text": "check.confirm", "facts": {}, "rows": [[{"label": {"text": "ask.confirm"}, "token": "q.5.6.0", "tone": "primary"}], [{"label": {"text": "ask.edit", "facts": {}}, "token": "q.5.6.e", "tone": "plain"}, {"label": {"text": "ask.cancel", "facts": {}}, "token": "q.5.6.x", "tone": "danger"}]], "lines": [{"text": "ask.summary-line", "facts": {"label": {"text": "check.component.label"}, "value": "\u6392\u6c34\u7ba1"}}, {"text": "ask.summary-line", "facts": {"label": {"text": "check.checks_done.label"}, "value": {"text": "word.none"}}}, {"text": "ask.summary-line", "facts": {"label": {"text": "check.root_cause.label"}, "value": "\u6392\u6c34\u7ba1\u5835\u585e"}}, {"text": "ask.summary-line", "facts": {"label": {"text": "check.cause_class.label"}, "value": {"text": "check.cause_class.wear"}}}, {"text": "ask.summary-line", "facts": {"label": {"text": "check.photos.label"}, "value": {"text": "word.none"}}}], "hint": "choice"}',NULL,'2026-11-27 08:00:00.000000','2026-11-27 08:00:00.000000',0,'waiting',NULL,'','',NULL,NULL,'');
INSERT INTO "outbox" VALUES(49,4,'test','王師傅','card',0,1,1,'order:1','{"headline": {"text": "done.check", "facts": {"number": "2611-0001"}}, "is_fresh": true}',NULL,'2026-11-27 08:00:00.000000','2026-11-27 08:00:00.000000',0,'waiting',NULL,'','',NULL,NULL,'');
INSERT INTO "outbox" VALUES(50,4,'test','王師傅','settle',2,0,NULL,'talk:5','{"ref": ""}',NULL,'2026-11-27 08:00:00.000000','2026-11-27 08:00:00.000000',0,'waiting',NULL,'','',NULL,NULL,'');
INSERT INTO "outbox" VALUES(51,4,'test','王師傅','say',0,1,1,'talk:6','{"text": "act.action_taken", "facts": {}, "rows": [[{"label": {"text": "ask.cancel", "facts": {}}, "token": "q.6.1.x", "tone": "danger"}]], "lines": [], "hint": "text"}',NULL,'2026-11-27 08:00:00.000000','2026-11-27 08:00:00.000000',0,'waiting',NULL,'','',NULL,NULL,'');
INSERT INTO "outbox" VALUES(52,4,'test','王師傅','say',0,1,1,'talk:6','{"text": "act.responsibility", "facts": {}, "rows": [[{"label": {"text": "act.responsibility.none"}, "token": "q.6.2.0", "tone": "plain"}, {"label": {"text": "act.responsibility.maker"}, "token": "q.6.2.1", "tone": "plain"}], [{"label": {"text": "act.responsibility.supplier"}, "token": "q.6.2.2", "tone": "plain"}, {"label": {"text": "act.responsibility.user"}, "token": "q.6.2.3", "tone": "plain"}], [{"label": {"text": "act.responsibility.third_party"}, "token": "q.6.2.4", "tone": "plain"}], [{"label": {"text": "ask.back", "facts": {}}, "token": "q.6.2.b", "tone": "plain"}, {"label": {"text": "ask.cancel", "facts": {}}, "token": "q.6.2.x", "tone": "danger"}]], "lines": [], "hint": "choice"}',NULL,'2026-11-27 08:00:00.000000','2026-11-27 08:00:00.000000',0,'waiting',NULL,'','',NULL,NULL,'');
INSERT INTO "outbox" VALUES(53,4,'test','王師傅','say',0,1,1,'talk:6','{"text": "act.user_agrees", "facts": {}, "rows": [[{"label": {"text": "act.user_agrees.yes"}, "token": "q.6.3.0", "tone": "plain"}, {"label": {"text": "act.user_agrees.partly"}, "token": "q.6.3.1", "tone": "plain"}], [{"label": {"text": "act.user_agrees.no"}, "token": "q.6.3.2", "tone": "plain"}], [{"label": {"text": "ask.back", "facts": {}}, "token": "q.6.3.b", "tone": "plain"}, {"label": {"text": "ask.cancel", "facts": {}}, "token": "q.6.3.x", "tone": "danger"}]], "lines": [], "hint": "choice"}',NULL,'2026-11-27 08:00:00.000000','2026-11-27 08:00:00.000000',0,'waiting',NULL,'','',NULL,NULL,'');
INSERT INTO "outbox" VALUES(54,4,'test','王師傅','say',0,1,1,'talk:6','{"text": "act.result", "facts": {}, "rows": [[{"label": {"text": "act.result.fixed"}, "token": "q.6.4.0", "tone": "plain"}, {"label": {"text": "act.result.temporary"}, "token": "q.6.4.1", "tone": "plain"}], [{"label": {"text": "act.result.not_fixable"}, "token": "q.6.4.2", "tone": "plain"}, {"label": {"text": "act.result.refused"}, "token": "q.6.4.3", "tone": "plain"}], [{"label": {"text": "ask.back", "facts": {}}, "token": "q.6.4.b", "tone": "plain"}, {"label": {"text": "ask.cancel", "facts": {}}, "token": "q.6.4.x", "tone": "danger"}]], "lines": [], "hint": "choice"}',NULL,'2026-11-27 08:00:00.000000','2026-11-27 08:00:00.000000',0,'waiting',NULL,'','',NULL,NULL,'');
INSERT INTO "outbox" VALUES(55,4,'test','王師傅','say',0,1,1,'talk:6','{"text": "act.parts_used", "facts": {}, "rows": [[{"label": {"text": "word.yes"}, "token": "q.6.5.0", "tone": "plain"}, {"label": {"text": "word.no"}, "token": "q.6.5.1", "tone": "plain"}], [{"label": {"text": "ask.back", "facts": {}}, "token": "q.6.5.b", "tone": "plain"}, {"label": {"text": "ask.cancel", "facts": {}}, "token": "q.6.5.x", "tone": "danger"}]], "lines": [], "hint": "choice"}',NULL,'2026-11-27 08:00:00.000000','2026-11-27 08:00:00.000000',0,'waiting',NULL,'','',NULL,NULL,'');
INSERT INTO "outbox" VALUES(56,4,'test','王師傅','say',0,1,1,'talk:6','{"text": "act.advice", "facts": {}, "rows": [[{"label": {"text": "ask.skip", "facts": {}}, "token": "q.6.6.s", "tone": "plain"}, {"label": {"text": "ask.back", "facts": {}}, "token": "q.6.6.b", "tone": "plain"}, {"label": {"text": "ask.cancel", "facts": {}}, "token": "q.6.6.x", "tone": "danger"}]], "lines": [], "hint": "text"}',NULL,'2026-11-27 08:00:00.000000','2026-11-27 08:00:00.000000',0,'waiting',NULL,'','',NULL,NULL,'');
INSERT INTO "outbox" VALUES(57,4,'test','王師傅','say',0,1,1,'talk:6','{"text": "act.photos", "facts": {}, "rows": [[{"label": {"text": "ask.photos-done"}, "token": "q.6.7.0", "tone": "primary"}], [{"label": {"text": "ask.back", "facts": {}}, "token": "q.6.7.b", "tone": "plain"}, {"label": {"text": "ask.cancel", "facts": {}}, "token": "q.6.7.x", "tone": "danger"}]], "lines": [], "hint": "photo"}',NULL,'2026-11-27 08:00:00.000000','2026-11-27 08:00:00.000000',0,'waiting',NULL,'','',NULL,NULL,'');
INSERT INTO "outbox" VALUES(58,4,'test','王師傅','say',0,1,1,'talk:6','{"text": "act.confirm", "facts": {}, "rows": [[{"label": {"text": "ask.confirm"}, "token": "q.6.8.0", "tone": "primary"}], [{"label": {"text": "ask.edit", "facts": {}}, "token": "q.6.8.e", "tone": "plain"}, {"label": {"text": "ask.cancel", "facts": {}}, "token": "q.6.8.x", "tone": "danger"}]], "lines": [{"text": "ask.summary-line", "facts": {"label": {"text": "act.action_taken.label"}, "value": "\u901a\u7ba1\u4e26\u6e05\u6d17"}}, {"text": "ask.summary-line", "facts": {"label": {"text": "act.responsibility.label"}, "value": {"text": "act.responsibility.none"}}}, {"text": "ask.summary-line", "facts": {"label": {"text": "act.user_agrees.label"}, "value": {"text": "act.user_agrees.yes"}}}, {"text": "ask.summary-line", "facts": {"label": {"text": "act.result.label"}, "value": {"text": "act.result.fixed"}}}, {"text": "ask.summary-line", "facts": {"label": {"text": "act.parts_used.label"}, "value": {"text": "word.no"}}}, {"text": "ask.summary-line", "facts": {"label": {"text": "act.advice.label"}, "value": {"text": "word.none"}}}, {"text": "ask.summary-line", "facts": {"label": {"text": "act.photos.label"}, "value": {"text": "word.none"}}}], "hint": "choice"}',NULL,'2026-11-27 08:00:00.000000','2026-11-27 08:00:00.000000',0,'waiting',NULL,'','',NULL,NULL,'');
INSERT INTO "outbox" VALUES(59,4,'test','王師傅','card',0,1,1,'order:1','{"headline": {"text": "done.act", "facts": {"number": "2611-0001"}}, "is_fresh": true}',NULL,'2026-11-27 08:00:00.000000','2026-11-27 08:00:00.000000',0,'waiting',NULL,'','',NULL,NULL,'');
INSERT INTO "outbox" VALUES(60,4,'test','王師傅','settle',2,0,NULL,'talk:6','{"ref": ""}',NULL,'2026-11-27 08:00:00.000000','2026-11-27 08:00:00.000000',0,'waiting',NULL,'','',NULL,NULL,'');
INSERT INTO "outbox" VALUES(61,4,'test','王師傅','say',0,1,1,'talk:7','{"text": "test.customer_test", "facts": {}, "rows": [[{"label": {"text": "test.customer_test.pass"}, "token": "q.7.1.0", "tone": "plain"}, {"label": {"text": "test.customer_test.fail"}, "token": "q.7.1.1", "tone": "plain"}], [{"label": {"text": "ask.cancel", "facts": {}}, "token": "q.7.1.x", "tone": "danger"}]], "lines": [], "hint": "choice"}',NULL,'2026-11-27 08:00:00.000000','2026-11-27 08:00:00.000000',0,'waiting',NULL,'','',NULL,NULL,'');
INSERT INTO "outbox" VALUES(62,4,'test','王師傅','say',0,1,1,'talk:7','{"text": "test.site_cleaned", "facts": {}, "rows": [[{"label": {"text": "word.yes"}, "token": "q.7.2.0", "tone": "plain"}, {"label": {"text": "word.no"}, "token": "q.7.2.1", "tone": "plain"}], [{"label": {"text": "ask.back", "facts": {}}, "token": "q.7.2.b", "tone": "plain"}, {"label": {"text": "ask.cancel", "facts": {}}, "token": "q.7.2.x", "tone": "danger"}]], "lines": [], "hint": "choice"}',NULL,'2026-11-27 08:00:00.000000','2026-11-27 08:00:00.000000',0,'waiting',NULL,'','',NULL,NULL,'');
INSERT INTO "outbox" VALUES(63,4,'test','王師傅','card',0,1,1,'order:1','{"headline": {"text": "done.test", "facts": {"number": "2611-0001"}}, "is_fresh": true}',NULL,'2026-11-27 08:00:00.000000','2026-11-27 08:00:00.000000',0,'waiting',NULL,'','',NULL,NULL,'');
INSERT INTO "outbox" VALUES(64,4,'test','王師傅','settle',2,0,NULL,'talk:7','{"ref": ""}',NULL,'2026-11-27 08:00:00.000000','2026-11-27 08:00:00.000000',0,'waiting',NULL,'','',NULL,NULL,'');
INSERT INTO "outbox" VALUES(65,4,'test','王師傅','say',0,1,1,'talk:8','{"text": "sign.comment", "facts": {"summary": "\u6e2c\u8a66\u5bb6\u96fb \u670d\u52d9\u5831\u544a 2611-0001\n\u5ba2\u6236\uff1a\u5f35\u5148\u751f\n\u6a5f\u5668\uff1a\u5927\u91d1 FTXV50\n\u6545\u969c\uff1a\u5ba2\u5ef3\u51b7\u6c23\u6f0f\u6c34\n\u6280\u5e2b\uff1a\u738b\u5e2b\u5085\n\u5230\u5834\uff1a11\u670827\u65e5 \u9031\u4e94 16:00\n\u3010\u807d\u3011\n\u5ba2\u6236\u8aaa\uff1a\u6628\u665a\u958b\u59cb\u6ef4\u6c34\n\u3010\u770b\u3011\n\u4fdd\u56fa\uff1a\u4fdd\u56fa\u5167\n\u66fe\u88ab\u62c6\u52d5\uff1a\u5426\n\u3010\u67e5\u3011\n\u90e8\u4ef6\uff1a\u6392\u6c34\u7ba1\n\u539f\u56e0\uff1a\u6392\u6c34\u7ba1\u5835\u585e\n\u539f\u56e0\u985e\u5225\uff1a\u81ea\u7136\u78e8\u640d\n\u3010\u4f5c\u51fa\u8655\u7406\u3011\n\u8655\u7406\uff1a\u901a\u7ba1\u4e26\u6e05\u6d17\n\u8cac\u4efb\uff1a\u7121\uff08\u81ea\u7136\u640d\u8017\uff09\n\u5ba2\u6236\u610f\u898b\uff1a\u540c\u610f\n\u7d50\u679c\uff1a\u4fee\u597d\u4e86\n\u3010\u5ba2\u6236\u8a66\u6a5f\u3011\n\u5ba2\u6236\u8a66\u6a5f\uff1a\u6b63\u5e38"}, "rows": [[{"label": {"text": "ask.skip", "facts": {}}, "token": "q.8.1.s", "tone": "plain"}, {"label": {"text": "ask.cancel", "facts": {}}, "token": "q.8.1.x", "tone": "danger"}]], "lines": [], "hint": "text"}',NULL,'2026-11-27 08:01:00.000000','2026-11-27 08:01:00.000000',0,'waiting',NULL,'','',NULL,NULL,'');
INSERT INTO "outbox" VALUES(66,4,'test','王師傅','say',0,1,1,'talk:8','{"text": "sign.signer", "facts": {}, "rows": [[{"label": {"text": "ask.back", "facts": {}}, "token": "q.8.2.b", "tone": "plain"}, {"label": {"text": "ask.cancel", "facts": {}}, "token": "q.8.2.x", "tone": "danger"}]], "lines": [], "hint": "text"}',NULL,'2026-11-27 08:01:00.000000','2026-11-27 08:01:00.000000',0,'waiting',NULL,'','',NULL,NULL,'');
INSERT INTO "outbox" VALUES(67,4,'test','王師傅','say',0,1,1,'talk:8','{"text": "sign.signer_role", "facts": {}, "rows": [[{"label": {"text": "sign.signer_role.customer"}, "token": "q.8.3.0", "tone": "plain"}, {"label": {"text": "sign.signer_role.family"}, "token": "q.8.3.1", "tone": "plain"}], [{"label": {"text": "sign.signer_role.colleague"}, "token": "q.8.3.2", "tone": "plain"}], [{"label": {"text": "ask.back", "facts": {}}, "token": "q.8.3.b", "tone": "plain"}, {"label": {"text": "ask.cancel", "facts": {}}, "token": "q.8.3.x", "tone": "danger"}]], "lines": [], "hint": "choice"}',NULL,'2026-11-27 08:01:00.000000','2026-11-27 08:01:00.000000',0,'waiting',NULL,'','',NULL,NULL,'');
INSERT INTO "outbox" VALUES(68,4,'test','王師傅','say',0,1,1,'talk:8','{"text": "sign.picture", "facts": {}, "rows": [[{"label": {"text": "ask.back", "facts": {}}, "token": "q.8.4.b", "tone": "plain"}, {"label": {"text": "ask.cancel", "facts": {}}, "token": "q.8.4.x", "tone": "danger"}]], "lines": [], "hint": "photo"}',NULL,'2026-11-27 08:01:00.000000','2026-11-27 08:01:00.000000',0,'waiting',NULL,'','',NULL,NULL,'');
INSERT INTO "outbox" VALUES(69,1,'test','張先生','card',1,1,1,'order:1','{"headline": {"text": "notice.signed-copy", "facts": {"number": "2611-0001", "summary": "\u6e2c\u8a66\u5bb6\u96fb \u670d\u52d9\u5831\u544a 2611-0001\n\u5ba2\u6236\uff1a\u5f35\u5148\u751f\n\u6a5f\u5668\uff1a\u5927\u91d1 FTXV50\n\u6545\u969c\uff1a\u5ba2\u5ef3\u51b7\u6c23\u6f0f\u6c34\n\u6280\u5e2b\uff1a\u738b\u5e2b\u5085\n\u5230\u5834\uff1a11\u670827\u65e5 \u9031\u4e94 16:00\n\u3010\u807d\u3011\n\u5ba2\u6236\u8aaa\uff1a\u6628\u665a\u958b\u59cb\u6ef4\u6c34\n\u3010\u770b\u3011\n\u4fdd\u56fa\uff1a\u4fdd\u56fa\u5167\n\u66fe\u88ab\u62c6\u52d5\uff1a\u5426\n\u3010\u67e5\u3011\n\u90e8\u4ef6\uff1a\u6392\u6c34\u7ba1\n\u539f\u56e0\uff1a\u6392\u6c34\u7ba1\u5835\u585e\n\u539f\u56e0\u985e\u5225\uff1a\u81ea\u7136\u78e8\u640d\n\u3010\u4f5c\u51fa\u8655\u7406\u3011\n\u8655\u7406\uff1a\u901a\u7ba1\u4e26\u6e05\u6d17\n\u8cac\u4efb\uff1a\u7121\uff08\u81ea\u7136\u640d\u8017\uff09\n\u5ba2\u6236\u610f\u898b\uff1a\u540c\u610f\n\u7d50\u679c\uff1a\u4fee\u597d\u4e86\n\u3010\u5ba2\u6236\u8a66\u6a5f\u3011\n\u5ba2\u6236\u8a66\u6a5f\uff1a\u6b63\u5e38"}, "photos": [], "voices": []}, "is_fresh": true}',NULL,'2026-11-27 08:01:00.000000','2026-11-27 08:01:00.000000',0,'waiting',NULL,'','',NULL,NULL,'');
INSERT INTO "outbox" VALUES(70,3,'test','李主任','card',2,0,1,'order:1','{"headline": {"text": "notice.signed", "facts": {"number": "2611-0001", "technician_id": 4}, "photos": ["4495dc826c31443e2d009cce05ab01f672417ebe9fa6cd15c8f78ab87baef669"], "voices": []}, "is_fresh": false}',NULL,'2026-11-27 08:01:00.000000','2026-11-27 08:01:00.000000',0,'waiting',NULL,'','',NULL,NULL,'');
INSERT INTO "outbox" VALUES(71,4,'test','王師傅','card',0,1,1,'order:1','{"headline": {"text": "done.sign", "facts": {"number": "2611-0001"}}, "is_fresh": true}',NULL,'2026-11-27 08:01:00.000000','2026-11-27 08:01:00.000000',0,'waiting',NULL,'','',NULL,NULL,'');
INSERT INTO "outbox" VALUES(72,4,'test','王師傅','settle',2,0,NULL,'talk:8','{"ref": ""}',NULL,'2026-11-27 08:01:00.000000','2026-11-27 08:01:00.000000',0,'waiting',NULL,'','',NULL,NULL,'');
INSERT INTO "outbox" VALUES(73,4,'test','王師傅','say',0,1,1,'talk:9','{"text": "leave.proposal", "facts": {"proposal": "\u901a\u7ba1\u4e26\u6e05\u6d17"}, "rows": [[{"label": {"text": "leave.proposal.use"}, "token": "q.9.1.0", "tone": "plain"}, {"label": {"text": "leave.proposal.write"}, "token": "q.9.1.1", "tone": "plain"}], [{"label": {"text": "ask.cancel", "facts": {}}, "token": "q.9.1.x", "tone": "danger"}]], "lines": [], "hint": "choice"}',NULL,'2026-11-27 08:01:00.000000','2026-11-27 08:01:00.000000',0,'waiting',NULL,'','',NULL,NULL,'');
INSERT INTO "outbox" VALUES(74,2,'test','外人','say',0,1,NULL,'talk:10','{"text": "report.photos", "facts": {}, "rows": [[{"label": {"text": "ask.photos-done"}, "token": "q.10.1.0", "tone": "primary"}], [{"label": {"text": "ask.back", "facts": {}}, "token": "q.10.1.b", "tone": "plain"}, {"label": {"text": "ask.cancel", "facts": {}}, "token": "q.10.1.x", "tone": "danger"}]], "lines": [], "hint": "photo"}',NULL,'2026-11-27 08:01:00.000000','2026-11-27 08:01:00.000000',0,'waiting',NULL,'','',NULL,NULL,'');
INSERT INTO "outbox" VALUES(75,2,'test','外人','say',0,1,NULL,'talk:10','{"text": "report.model", "facts": {}, "rows": [[{"label": {"text": "ask.back", "facts": {}}, "token": "q.10.2.b", "tone": "plain"}, {"label": {"text": "ask.cancel", "facts": {}}, "token": "q.10.2.x", "tone": "danger"}]], "lines": [], "hint": "text"}',NULL,'2026-11-27 08:01:00.000000','2026-11-27 08:01:00.000000',0,'waiting',NULL,'','',NULL,NULL,'');
INSERT INTO "outbox" VALUES(76,2,'test','外人','say',0,1,NULL,'talk:10','{"text": "report.address", "facts": {}, "rows": [[{"label": {"text": "ask.back", "facts": {}}, "token": "q.10.3.b", "tone": "plain"}, {"label": {"text": "ask.cancel", "facts": {}}, "token": "q.10.3.x", "tone": "danger"}]], "lines": [], "hint": "location"}',NULL,'2026-11-27 08:01:00.000000','2026-11-27 08:01:00.000000',0,'waiting',NULL,'','',NULL,NULL,'');
INSERT INTO "outbox" VALUES(77,2,'test','外人','say',0,1,NULL,'talk:10','{"text": "report.contact", "facts": {}, "rows": [[{"label": {"text": "ask.back", "facts": {}}, "token": "q.10.4.b", "tone": "plain"}, {"label": {"text": "ask.cancel", "facts": {}}, "token": "q.10.4.x", "tone": "danger"}]], "lines": [], "hint": "contact"}',NULL,'2026-11-27 08:01:00.000000','2026-11-27 08:01:00.000000',0,'waiting',NULL,'','',NULL,NULL,'');
INSERT INTO "outbox" VALUES(78,2,'test','外人','say',0,1,NULL,'talk:10','{"text": "report.phone", "facts": {}, "rows": [[{"label": {"text": "ask.back", "facts": {}}, "token": "q.10.5.b", "tone": "plain"}, {"label": {"text": "ask.cancel", "facts": {}}, "token": "q.10.5.x", "tone": "danger"}]], "lines": [], "hint": "phone"}',NULL,'2026-11-27 08:01:00.000000','2026-11-27 08:01:00.000000',0,'waiting',NULL,'','',NULL,NULL,'');
INSERT INTO "outbox" VALUES(79,2,'test','外人','say',0,1,NULL,'talk:10','{"text": "report.zone", "facts": {}, "rows": [[{"label": {"text": "report.zone.urban"}, "token": "q.10.6.0", "tone": "plain"}, {"label": {"text": "report.zone.suburban"}, "token": "q.10.6.1", "tone": "plain"}], [{"label": {"text": "ask.back", "facts": {}}, "token": "q.10.6.b", "tone": "plain"}, {"label": {"text": "ask.cancel", "facts": {}}, "token": "q.10.6.x", "tone": "danger"}]], "lines": [], "hint": "choice"}',NULL,'2026-11-27 08:01:00.000000','2026-11-27 08:01:00.000000',0,'waiting',NULL,'','',NULL,NULL,'');
INSERT INTO "outbox" VALUES(80,2,'test','外人','say',0,1,NULL,'talk:10','{"text": "report.confirm", "facts": {}, "rows": [[{"label": {"text": "ask.confirm"}, "token": "q.10.7.0", "tone": "primary"}], [{"label": {"text": "ask.edit", "facts": {}}, "token": "q.10.7.e", "tone": "plain"}, {"label": {"text": "ask.cancel", "facts": {}}, "token": "q.10.7.x", "tone": "danger"}]], "lines": [{"text": "ask.summary-line", "facts": {"label": {"text": "report.fault.label"}, "value": "\u51b0\u7bb1\u4e0d\u51b7"}}, {"text": "ask.summary-line", "facts": {"label": {"text": "report.photos.label"}, "value": {"text": "word.none"}}}, {"text": "ask.summary-line", "facts": {"label": {"text": "report.model.label"}, "value": "\u5927\u91d1 FTXV50"}}, {"text": "ask.summary-line", "facts": {"label": {"text": "report.address.label"}, "value": "\u53f0\u5317\u5e02\u5927\u5b89\u5340\u548c\u5e73\u6771\u8def\u4e00\u6bb5 1 \u865f"}}, {"text": "ask.summary-line", "facts": {"label": {"text": "report.contact.label"}, "value": "\u5f35\u5148\u751f"}}, {"text": "ask.summary-line", "facts": {"label": {"text": "report.phone.label"}, "value": "+886912345678"}}, {"text": "ask.summary-line", "facts": {"label": {"text": "report.zone.label"}, "value": {"text": "report.zone.urban"}}}], "hint": "choice"}',NULL,'2026-11-27 08:01:00.000000','2026-11-27 08:01:00.000000',0,'waiting',NULL,'','',NULL,NULL,'');
INSERT INTO "outbox" VALUES(81,2,'test','外人','card',1,1,2,'order:2','{"headline": {"text": "notice.registered-arrival", "facts": {"number": "2611-0002", "due": {"$at": "2026-11-28T06:01:00+00:00"}}, "photos": [], "voices": []}, "is_fresh": true}',NULL,'2026-11-27 08:01:00.000000','2026-11-27 08:01:00.000000',0,'waiting',NULL,'','',NULL,NULL,'');
INSERT INTO "outbox" VALUES(82,3,'test','李主任','card',1,1,2,'order:2','{"headline": {"text": "notice.new-call", "facts": {"number": "2611-0002"}, "photos": [], "voices": []}, "is_fresh": true}',NULL,'2026-11-27 08:01:00.000000','2026-11-27 08:01:00.000000',0,'waiting',NULL,'','',NULL,NULL,'');
INSERT INTO "outbox" VALUES(83,2,'test','外人','settle',2,0,NULL,'talk:10','{"ref": ""}',NULL,'2026-11-27 08:01:00.000000','2026-11-27 08:01:00.000000',0,'waiting',NULL,'','',NULL,NULL,'');
INSERT INTO "outbox" VALUES(84,3,'test','李主任','say',0,1,2,'talk:11','{"text": "ask_back.questions", "facts": {}, "rows": [[{"label": {"text": "ask.cancel", "facts": {}}, "token": "q.11.1.x", "tone": "danger"}]], "lines": [], "hint": "text"}',NULL,'2026-11-27 08:01:00.000000','2026-11-27 08:01:00.000000',0,'waiting',NULL,'','',NULL,NULL,'');
INSERT INTO "outbox" VALUES(85,2,'test','外人','card',1,1,2,'order:2','{"headline": {"text": "notice.questions", "facts": {"number": "2611-0002", "questions": "\u5e7e\u6a13\uff1f"}, "photos": [], "voices": []}, "is_fresh": true}',NULL,'2026-11-27 08:01:00.000000','2026-11-27 08:01:00.000000',0,'waiting',NULL,'','',NULL,NULL,'');
INSERT INTO "outbox" VALUES(86,3,'test','李主任','card',0,1,2,'order:2','{"headline": {"text": "done.ask_back", "facts": {"number": "2611-0002"}}, "is_fresh": true}',NULL,'2026-11-27 08:01:00.000000','2026-11-27 08:01:00.000000',0,'waiting',NULL,'','',NULL,NULL,'');
INSERT INTO "outbox" VALUES(87,3,'test','李主任','settle',2,0,NULL,'talk:11','{"ref": ""}',NULL,'2026-11-27 08:01:00.000000','2026-11-27 08:01:00.000000',0,'waiting',NULL,'','',NULL,NULL,'');
INSERT INTO "outbox" VALUES(88,4,'test','王師傅','say',1,1,1,'order:1:note','{"text": "remark.from-customer", "facts": {"number": "2611-0001", "by_id": 1, "words": "\u6d17\u8863\u6a5f\u7570\u97f3"}, "rows": [], "lines": [], "hint": ""}',NULL,'2026-11-27 08:01:00.000000','2026-11-27 08:01:00.000000',0,'waiting',NULL,'','',NULL,NULL,'');
INSERT INTO "outbox" VALUES(89,3,'test','李主任','say',1,1,1,'order:1:note','{"text": "remark.from-customer", "facts": {"number": "2611-0001", "by_id": 1, "words": "\u6d17\u8863\u6a5f\u7570\u97f3"}, "rows": [], "lines": [], "hint": ""}',NULL,'2026-11-27 08:01:00.000000','2026-11-27 08:01:00.000000',0,'waiting',NULL,'','',NULL,NULL,'');
INSERT INTO "outbox" VALUES(90,1,'test','張先生','say',0,1,NULL,'','{"text": "remark.kept", "facts": {"number": "2611-0001"}, "rows": [], "lines": [], "hint": "", "collapses": true}',NULL,'2026-11-27 08:01:00.000000','2026-11-27 08:01:00.000000',0,'waiting',NULL,'','',NULL,NULL,'');
CREATE TABLE people (
	id INTEGER NOT NULL, 
	name TEXT DEFAULT '' NOT NULL, 
	roles JSON NOT NULL, 
	branch VARCHAR(64) DEFAULT '' NOT NULL, 
	language VARCHAR(16) DEFAULT '' NOT NULL, 
	standing VARCHAR(16) NOT NULL, 
	phone VARCHAR(32) DEFAULT '' NOT NULL, 
	home INTEGER, 
	facts JSON DEFAULT '{}' NOT NULL, 
	created_at DATETIME NOT NULL, 
	CONSTRAINT pk_people PRIMARY KEY (id), 
	CONSTRAINT ck_people_standing CHECK (standing IN ('pending', 'active', 'left'))
);
INSERT INTO "people" VALUES(1,'張先生','["customer"]','','zh-Hant','active','+886912345678',1,'{}','2026-11-27 08:00:00.000000');
INSERT INTO "people" VALUES(2,'外人','["customer"]','','zh-Hant','active','+886912345678',2,'{}','2026-11-27 08:00:00.000000');
INSERT INTO "people" VALUES(3,'李主任','["administrator", "supervisor"]','main','zh-Hant','active','',3,'{}','2026-11-27 08:00:00.000000');
INSERT INTO "people" VALUES(4,'王師傅','["technician"]','main','zh-Hant','active','',4,'{}','2026-11-27 08:00:00.000000');
CREATE TABLE remarks (
	id INTEGER NOT NULL, 
	order_id INTEGER, 
	person_id INTEGER NOT NULL, 
	kind VARCHAR(16) NOT NULL, 
	text TEXT DEFAULT '' NOT NULL, 
	sha256 VARCHAR(64) DEFAULT '' NOT NULL, 
	sent_at DATETIME NOT NULL, 
	at DATETIME NOT NULL, 
	relayed_at DATETIME, 
	CONSTRAINT pk_remarks PRIMARY KEY (id), 
	CONSTRAINT fk_remarks_order_id FOREIGN KEY(order_id) REFERENCES orders (id), 
	CONSTRAINT fk_remarks_person_id FOREIGN KEY(person_id) REFERENCES people (id)
);
INSERT INTO "remarks" VALUES(1,1,1,'text','洗衣機異音','','2026-11-27 08:01:00.000000','2026-11-27 08:01:00.000000',NULL);
CREATE TABLE seals (
	id INTEGER NOT NULL, 
	order_id INTEGER NOT NULL, 
	version INTEGER NOT NULL, 
	digest VARCHAR(64) NOT NULL, 
	summary TEXT NOT NULL, 
	signature VARCHAR(64) DEFAULT '' NOT NULL, 
	near_hash VARCHAR(64) DEFAULT '' NOT NULL, 
	signer TEXT DEFAULT '' NOT NULL, 
	at DATETIME NOT NULL, 
	CONSTRAINT pk_seals PRIMARY KEY (id), 
	CONSTRAINT fk_seals_order_id FOREIGN KEY(order_id) REFERENCES orders (id), 
	CONSTRAINT uq_seals_order_id_version UNIQUE (order_id, version)
);
INSERT INTO "seals" VALUES(1,1,1,'c13c09d37dbd0e3cd2bc9c6c210fe79c3f765c5b850cd454323acd8e104068a6','測試家電 服務報告 2611-0001
客戶：張先生
機器：大金 FTXV50
故障：客廳冷氣漏水
技師：王師傅
到場：11月27日 週五 16:00
【聽】
客戶說：昨晚開始滴水
【看】
保固：保固內
曾被拆動：否
【查】
部件：排水管
原因：排水管堵塞
原因類別：自然磨損
【作出處理】
處理：通管並清洗
責任：無（自然損耗）
客戶意見：同意
結果：修好了
【客戶試機】
客戶試機：正常','4495dc826c31443e2d009cce05ab01f672417ebe9fa6cd15c8f78ab87baef669','4495dc826c31443e2d009cce05ab01f672417ebe9fa6cd15c8f78ab87baef669','張先生','2026-11-27 08:01:00.000000');
CREATE TABLE sequences (
	name VARCHAR(64) NOT NULL, 
	value BIGINT NOT NULL, 
	CONSTRAINT pk_sequences PRIMARY KEY (name)
);
INSERT INTO "sequences" VALUES('order:2611',2);
INSERT INTO "sequences" VALUES('web:web-1',1);
CREATE TABLE web_messages (
	id INTEGER NOT NULL, 
	address VARCHAR(64) NOT NULL, 
	rev BIGINT NOT NULL, 
	side VARCHAR(8) NOT NULL, 
	body JSON NOT NULL, 
	client_key VARCHAR(64), 
	is_removed BOOLEAN DEFAULT 0 NOT NULL, 
	at DATETIME NOT NULL, 
	edited_at DATETIME, 
	CONSTRAINT pk_web_messages PRIMARY KEY (id), 
	CONSTRAINT ck_web_messages_side CHECK (side IN ('bot', 'me')), 
	CONSTRAINT uq_web_messages_address_client_key UNIQUE (address, client_key), 
	CONSTRAINT uq_web_messages_address_rev UNIQUE (address, rev)
);
INSERT INTO "web_messages" VALUES(1,'web-1',1,'bot','{"text": "\u60a8\u597d"}',NULL,0,'2026-11-27 08:01:00.000000',NULL);
CREATE TABLE web_sessions (
	id INTEGER NOT NULL, 
	token_hash VARCHAR(64) NOT NULL, 
	address VARCHAR(64) NOT NULL, 
	seat VARCHAR(16) DEFAULT '' NOT NULL, 
	created_at DATETIME NOT NULL, 
	seen_at DATETIME NOT NULL, 
	CONSTRAINT pk_web_sessions PRIMARY KEY (id), 
	CONSTRAINT uq_web_sessions_token_hash UNIQUE (token_hash)
);
CREATE TABLE wrong_codes (
	id INTEGER NOT NULL, 
	channel VARCHAR(16) NOT NULL, 
	address VARCHAR(128) NOT NULL, 
	at DATETIME NOT NULL, 
	CONSTRAINT pk_wrong_codes PRIMARY KEY (id)
);
CREATE INDEX ix_people_phone ON people (phone);
CREATE INDEX ix_accounts_person_id ON accounts (person_id);
CREATE INDEX ix_wrong_codes_who ON wrong_codes (channel, address, at);
CREATE INDEX ix_assets_customer_id ON assets (customer_id);
CREATE INDEX ix_assets_serial ON assets (serial);
CREATE INDEX ix_orders_asset_id ON orders (asset_id);
CREATE INDEX ix_orders_customer_id ON orders (customer_id);
CREATE INDEX ix_orders_lead_id ON orders (lead_id);
CREATE INDEX ix_orders_open_branch ON orders (branch, is_open, next_due_at);
CREATE INDEX ix_orders_phone ON orders (phone);
CREATE INDEX ix_orders_reported_at ON orders (reported_at);
CREATE INDEX ix_orders_serial ON orders (serial);
CREATE INDEX ix_orders_stage ON orders (stage, reported_at);
CREATE INDEX ix_crew_person ON crew (person_id, tie);
CREATE INDEX ix_seals_signature ON seals (signature);
CREATE INDEX ix_remarks_order_id ON remarks (order_id);
CREATE INDEX ix_remarks_sha256 ON remarks (sha256);
CREATE INDEX ix_deadlines_next ON deadlines (next_at);
CREATE UNIQUE INDEX ix_conversations_live ON conversations (person_id) WHERE state = 'live';
CREATE INDEX ix_conversations_person ON conversations (person_id, state);
CREATE INDEX ix_inbox_waiting ON inbox (id) WHERE state = 'waiting';
CREATE INDEX ix_outbox_chat ON outbox (channel, chat, id) WHERE state = 'waiting';
CREATE INDEX ix_outbox_person_id ON outbox (person_id);
CREATE INDEX ix_outbox_ref ON outbox (channel, chat, ref);
CREATE INDEX ix_outbox_waiting ON outbox (not_before, id) WHERE state = 'waiting';
CREATE INDEX ix_cards_ref ON cards (channel, chat, ref);
CREATE INDEX ix_contacts_order_id ON contacts (order_id);
CREATE INDEX ix_contacts_person_id ON contacts (person_id);
CREATE INDEX ix_web_sessions_address ON web_sessions (address);
COMMIT;
