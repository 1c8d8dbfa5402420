#include "tests/app/enrollctl/enrollctl_process.h"
#include "tests/support/cabinet_maker.h"
#include "tests/support/certificate_forms.h"
#include "tests/support/revocation_list_maker.h"
#include "tests/support/trust_room.h"

#include <QDir>
#include <QJsonArray>
#include <QTest>

using namespace enroll;
using namespace enroll::test;

/// `trust …` as a process on a data directory of its own.
class TestEnrollctlTrust : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();

    void importsACabinetIntoTheMakers();
    void importSaysWhatAnAuthorityProvesFromThenOn();
    void importWarnsOfAnAuthorityOfSoftwareTpms();
    void importOfManyAuthoritiesWarnsOnce();
    void oneBadFileIsReportedAndTheRestIsKept();
    void dryRunShowsThePlanAndWritesNothing();
    void anIntermediateWithoutRootIsAnchoredOnlyWhenAskedFor();
    void refusesASetThatCannotExist();
    void listSaysWhereEachCameFromAndHowOldASetIs();
    void whereItCameFromIsAWholePath();
    void readsTheFlatStoreOfOlderVersions();
    void removesByFingerprintAndBySubject();
    void removeWithoutAnySetSaysWhatMakesOne();
    void removeRefusesWhatItCannotTellApart();
    void checkExplainsATrustedPath();
    void checkNamesTheMissingAuthority();
    void checkAsksTheSetsOfTheProfile();
    void aRevocationListIsKeptAndRevokes();
    void aRevocationListOfNobodyIsRefused();
    void anAnchorThatIsRevokedIsTrustedNoLonger();
    void aListThatNobodySignedIsNamed();
    void whatANewerProgramMadeOfAnAuthoritySaysWhy();
    void whoProvesARevocationStaysKnown();

private:
    [[nodiscard]] CtlRun trust(const QStringList& arguments) const
    {
        return m_ctl->run(QStringList{QStringLiteral("trust")} + arguments + QStringList{QStringLiteral("--json")});
    }
    [[nodiscard]] CtlRun importInto(const char* set, const std::filesystem::path& file) const
    {
        return trust({QStringLiteral("import"), QStringLiteral("--set"), QString::fromLatin1(set),
                      QString::fromStdString(file.string())});
    }
    [[nodiscard]] QJsonArray listed() const
    {
        return trust({QStringLiteral("list")}).document().value(QStringLiteral("certificates")).toArray();
    }
    static QJsonArray arrayOf(const CtlRun& run, const char* member)
    {
        return run.document().value(QLatin1String{member}).toArray();
    }
    static QString pathOf(const std::filesystem::path& file) { return QString::fromStdString(file.string()); }

    std::unique_ptr<EnrollctlProcess> m_ctl;
    std::unique_ptr<TrustRoom> m_room;
};

void TestEnrollctlTrust::init()
{
    m_ctl = std::make_unique<EnrollctlProcess>();
    m_room = std::make_unique<TrustRoom>();
}

void TestEnrollctlTrust::importsACabinetIntoTheMakers()
{
    const auto cabinet = m_room->write("TrustedTpm.cab", cabinetOf({{"AMD\\RootCA\\root.cer", m_room->root.der()},
                                                                    {"AMD\\IntermediateCA\\b.crt", m_room->below.der()},
                                                                    {"setup.ps1", toBytes(asBytes("script"))}}));
    const auto run = trust({QStringLiteral("import"), pathOf(cabinet)});
    QVERIFY2(run.exitCode == 0, run.errors.constData());
    QVERIFY(run.isOneDocument());
    QCOMPARE(run.text("schema"), QStringLiteral("enrollment-station/trust-import/1"));
    QCOMPARE(run.text("set"), QStringLiteral("makers"));
    const auto imported = arrayOf(run, "imported");
    QCOMPARE(imported.size(), 2);
    QCOMPARE(imported.at(1).toObject().value(QStringLiteral("anchoredBy")).toObject().value(QStringLiteral("subject")),
             QJsonValue{QStringLiteral("CN=Root")});
    QCOMPARE(listed().size(), 2);
    QCOMPARE(arrayOf(trust({QStringLiteral("import"), pathOf(cabinet)}), "alreadyThere").size(), 2);
}

void TestEnrollctlTrust::importSaysWhatAnAuthorityProvesFromThenOn()
{
    const auto file = m_room->write("root.pem", m_room->root);
    for (const auto& [options, taken] : {std::pair{QStringList{QStringLiteral("--dry-run")}, "would be taken"},
                                         std::pair{QStringList{}, "are taken"}}) {
        const auto run = trust(QStringList{QStringLiteral("import"), pathOf(file)} + options);
        QCOMPARE(run.exitCode, 0);
        QVERIFY2(run.errors.startsWith(QByteArray{"WARNING: in the set \"makers\", certificates of this authority "} +
                                       taken + " as proof that a TPM is genuine: CN=Root, SHA-256 " +
                                       QByteArray::fromStdString(m_room->root.sha256Hex())),
                 run.errors.constData());
        QCOMPARE(run.errors.count('\n'), 1);
    }
    QVERIFY(trust({QStringLiteral("import"), pathOf(file)}).errors.isEmpty()); // it is there already
    QVERIFY(importInto("demo", file).errors.isEmpty());
}

void TestEnrollctlTrust::importWarnsOfAnAuthorityOfSoftwareTpms()
{
    const auto swtpm = makeCertificate(authorityPlan("swtpm-localca", "swtpm-localca"), m_room->key, m_room->key);
    const auto file = m_room->write("swtpm.pem", swtpm);
    const auto planned = trust({QStringLiteral("import"), pathOf(file), QStringLiteral("--dry-run")});
    QVERIFY2(planned.errors.contains(" would be taken as proof"), planned.errors.constData());
    QVERIFY2(planned.errors.endsWith("; import it with --set demo\n"), planned.errors.constData());
    const auto run = trust({QStringLiteral("import"), pathOf(file), QStringLiteral("--quiet")});
    QCOMPARE(run.exitCode, 0);
    const auto digest = QByteArray::fromStdString(swtpm.sha256Hex());
    QVERIFY2(run.errors.startsWith("WARNING: by its name this authority certifies software TPMs"),
             run.errors.constData());
    QVERIFY2(run.errors.contains("CN=swtpm-localca, SHA-256 " + digest), run.errors.constData());
    QVERIFY2(run.errors.endsWith("enrollctl trust remove " + digest + " --set makers\n"), run.errors.constData());
    QCOMPARE(run.errors.count('\n'), 1);
    QVERIFY(importInto("demo", file).errors.isEmpty());
}

void TestEnrollctlTrust::importOfManyAuthoritiesWarnsOnce()
{
    for (int number = 1; number <= 6; ++number) {
        const auto name = "Maker " + std::to_string(number);
        std::ignore = m_room->write("in/" + std::to_string(number) + ".pem",
                                    makeCertificate(authorityPlan(name, name), m_room->key, m_room->key));
    }
    const auto run = trust({QStringLiteral("import"), pathOf(m_room->path("in"))});
    QCOMPARE(run.exitCode, 0);
    QVERIFY2(run.errors.contains("each of these 6 authorities"), run.errors.constData());
    QCOMPARE(run.errors.count('\n'), 1);
}

void TestEnrollctlTrust::oneBadFileIsReportedAndTheRestIsKept()
{
    m_room->write("in/root.der", m_room->root.der());
    const auto bad = m_room->write("in/bad.cer", asBytes("nonsense"));
    const auto run = trust({QStringLiteral("import"), pathOf(m_room->path("in"))});
    QCOMPARE(run.exitCode, 13);
    QVERIFY(run.isOneDocument());
    QCOMPARE(arrayOf(run, "imported").size(), 1);
    const auto skipped = arrayOf(run, "skipped");
    QCOMPARE(skipped.size(), 1);
    QCOMPARE(skipped.at(0).toObject().value(QStringLiteral("source")).toString(), pathOf(bad));
    QVERIFY(!skipped.at(0).toObject().value(QStringLiteral("reason")).toString().isEmpty());
    QCOMPARE(listed().size(), 1);
}

void TestEnrollctlTrust::dryRunShowsThePlanAndWritesNothing()
{
    const auto file = m_room->write("root.pem", m_room->root);
    const auto run = trust({QStringLiteral("import"), QStringLiteral("--dry-run"), pathOf(file)});
    QCOMPARE(run.exitCode, 0);
    QCOMPARE(run.document().value(QStringLiteral("dryRun")), QJsonValue{true});
    QCOMPARE(arrayOf(run, "imported").size(), 1);
    QVERIFY(!QDir{m_ctl->dataDirectory()}.exists());
}

void TestEnrollctlTrust::anIntermediateWithoutRootIsAnchoredOnlyWhenAskedFor()
{
    const auto file = m_room->write("orphan.pem", m_room->orphan);
    const auto first = arrayOf(trust({QStringLiteral("import"), pathOf(file)}), "imported").at(0).toObject();
    QCOMPARE(first.value(QStringLiteral("anchor")), QJsonValue{false});
    QCOMPARE(first.value(QStringLiteral("warnings")).toArray().at(0).toObject().value(QStringLiteral("id")),
             QJsonValue{QStringLiteral("unanchored")});
    const auto again = trust({QStringLiteral("import"), QStringLiteral("--anchor"), pathOf(file)});
    QCOMPARE(arrayOf(again, "imported").at(0).toObject().value(QStringLiteral("change")),
             QJsonValue{QStringLiteral("becomes-anchor")});
    QCOMPARE(listed().at(0).toObject().value(QStringLiteral("role")), QJsonValue{QStringLiteral("anchor")});
}

void TestEnrollctlTrust::refusesASetThatCannotExist()
{
    const auto run = importInto("../demo", m_room->write("root.pem", m_room->root));
    QCOMPARE(run.exitCode, 2);
    QCOMPARE(run.text("code"), QStringLiteral("S-331"));
    QVERIFY(!QDir{m_ctl->dataDirectory()}.exists());
}

void TestEnrollctlTrust::listSaysWhereEachCameFromAndHowOldASetIs()
{
    const auto file = m_room->write("root.pem", m_room->root);
    QCOMPARE(importInto("demo", file).exitCode, 0);
    const auto run = trust({QStringLiteral("list")});
    QVERIFY(run.isOneDocument());
    const auto set = arrayOf(run, "sets").at(0).toObject();
    QCOMPARE(set.value(QStringLiteral("name")), QJsonValue{QStringLiteral("demo")});
    QCOMPARE(set.value(QStringLiteral("ageDays")), QJsonValue{0});
    const auto certificate = arrayOf(run, "certificates").at(0).toObject();
    QCOMPARE(certificate.value(QStringLiteral("set")), QJsonValue{QStringLiteral("demo")});
    QCOMPARE(certificate.value(QStringLiteral("source")).toString(), pathOf(file));
    QCOMPARE(certificate.value(QStringLiteral("importedAt")), set.value(QStringLiteral("lastImport")));
    const auto text = m_ctl->run({QStringLiteral("trust"), QStringLiteral("list")}).output;
    QVERIFY2(text.contains("set demo: 1 authority, last import 0 days ago"), text.constData());
}

/// Whoever looks later stands elsewhere.
void TestEnrollctlTrust::whereItCameFromIsAWholePath()
{
    const std::filesystem::path file{m_room->write("root.pem", m_room->root)};
    const auto process = m_ctl->prepare({QStringLiteral("trust"), QStringLiteral("import"), QStringLiteral("--set"),
                                         QStringLiteral("demo"), pathOf(file.filename())});
    process->setWorkingDirectory(pathOf(file.parent_path()));
    process->start();
    QVERIFY(process->waitForFinished(60'000));
    QCOMPARE(process->exitCode(), 0);
    QCOMPARE(listed().at(0).toObject().value(QStringLiteral("source")).toString(), pathOf(file));
}

void TestEnrollctlTrust::readsTheFlatStoreOfOlderVersions()
{
    const auto name = QStringLiteral("data/trust/%1.pem").arg(QString::fromStdString(m_room->root.sha256Hex()));
    m_ctl->write(name, QByteArray::fromStdString(crypto::pemOf(m_room->root)));
    QCOMPARE(listed().size(), 1);
    QCOMPARE(listed().at(0).toObject().value(QStringLiteral("set")), QJsonValue{QStringLiteral("makers")});
    const auto again = importInto("makers", m_room->write("root.pem", m_room->root));
    QCOMPARE(arrayOf(again, "alreadyThere").size(), 1);
}

void TestEnrollctlTrust::removesByFingerprintAndBySubject()
{
    QCOMPARE(importInto("makers", m_room->write("root.pem", m_room->root)).exitCode, 0);
    QCOMPARE(importInto("demo", m_room->path("root.pem")).exitCode, 0);
    QCOMPARE(importInto("demo", m_room->write("orphan.pem", m_room->orphan)).exitCode, 0);
    const auto inOne =
        trust({QStringLiteral("remove"), QStringLiteral("CN=Root"), QStringLiteral("--set"), QStringLiteral("makers")});
    QCOMPARE(inOne.exitCode, 0);
    QCOMPARE(arrayOf(inOne, "removed").size(), 1);
    QCOMPARE(listed().size(), 2);
    const auto fingerprint = QString::fromStdString(m_room->root.sha256Hex()).toUpper();
    QCOMPARE(trust({QStringLiteral("remove"), fingerprint}).exitCode, 0);
    QCOMPARE(listed().size(), 1);
    const auto gone = trust({QStringLiteral("remove"), fingerprint});
    QCOMPARE(gone.exitCode, 2);
    QCOMPARE(gone.text("code"), QStringLiteral("S-339"));
}

void TestEnrollctlTrust::removeWithoutAnySetSaysWhatMakesOne()
{
    const auto none =
        trust({QStringLiteral("remove"), QStringLiteral("CN=Root"), QStringLiteral("--set"), QStringLiteral("makers")});
    QCOMPARE(none.exitCode, 2);
    QCOMPARE(none.text("code"), QStringLiteral("S-339"));
    QVERIFY(none.output.contains("enrollctl trust import"));
}

void TestEnrollctlTrust::removeRefusesWhatItCannotTellApart()
{
    const auto other = TestKey::ecc();
    const auto namesake = makeCertificate(authorityPlan("Root", "Root"), other, other);
    m_room->write("in/a.pem", m_room->root);
    m_room->write("in/b.pem", namesake);
    QCOMPARE(importInto("makers", m_room->path("in")).exitCode, 0);
    const auto run = trust({QStringLiteral("remove"), QStringLiteral("CN=Root")});
    QCOMPARE(run.exitCode, 2);
    QVERIFY(run.text("detail").contains(QString::fromStdString(namesake.sha256Hex())));
    QCOMPARE(listed().size(), 2);
}

void TestEnrollctlTrust::checkExplainsATrustedPath()
{
    m_room->write("in/root.pem", m_room->root);
    m_room->write("in/below.pem", m_room->below);
    QCOMPARE(importInto("makers", m_room->path("in")).exitCode, 0);
    CertificatePlan plan;
    plan.issuer = "Below";
    const auto leaf = m_room->write("ek.der", makeCertificate(plan, TestKey::ecc(), m_room->key).der());
    const auto run = trust({QStringLiteral("check"), pathOf(leaf)});
    QVERIFY2(run.exitCode == 0, run.output.constData());
    QCOMPARE(run.text("result"), QStringLiteral("trusted"));
    const auto path = arrayOf(run, "path");
    QCOMPARE(path.size(), 3);
    QVERIFY(path.at(0).toObject().value(QStringLiteral("role")).isNull());
    QCOMPARE(path.at(1).toObject().value(QStringLiteral("role")), QJsonValue{QStringLiteral("intermediate")});
    QCOMPARE(path.at(2).toObject().value(QStringLiteral("role")), QJsonValue{QStringLiteral("anchor")});
    QCOMPARE(path.at(2).toObject().value(QStringLiteral("set")), QJsonValue{QStringLiteral("makers")});
}

void TestEnrollctlTrust::checkNamesTheMissingAuthority()
{
    QCOMPARE(importInto("makers", m_room->write("orphan.pem", m_room->orphan)).exitCode, 0);
    CertificatePlan plan;
    plan.issuer = "Orphan";
    const auto leaf = m_room->write("ek.pem", makeCertificate(plan, TestKey::ecc(), m_room->key));
    const auto run = trust({QStringLiteral("check"), pathOf(leaf)});
    QCOMPARE(run.exitCode, 11);
    QCOMPARE(run.text("result"), QStringLiteral("unknown-issuer"));
    QCOMPARE(arrayOf(run, "path").size(), 2);
    QCOMPARE(run.document().value(QStringLiteral("missing")).toObject().value(QStringLiteral("name")),
             QJsonValue{QStringLiteral("CN=Nobody")});
}

void TestEnrollctlTrust::checkAsksTheSetsOfTheProfile()
{
    QCOMPARE(importInto("demo", m_room->write("root.pem", m_room->root)).exitCode, 0);
    CertificatePlan plan;
    plan.issuer = "Root";
    const auto leaf = pathOf(m_room->write("ek.pem", makeCertificate(plan, TestKey::ecc(), m_room->key)));
    const auto asked =
        m_ctl->run({QStringLiteral("trust"), QStringLiteral("check"), leaf}); // the demonstration profile
    QCOMPARE(asked.exitCode, 0);
    QVERIFY2(asked.output.startsWith("TRUSTED by an authority of the set demo (sets: "), asked.output.constData());
    QVERIFY2(asked.output.contains("; no authority in: makers)\n"), asked.output.constData());
    const auto production =
        trust({QStringLiteral("check"), leaf, QStringLiteral("--profile"), QStringLiteral("production")});
    QCOMPARE(production.exitCode, 11);
    const auto missing = production.document().value(QStringLiteral("missing")).toObject();
    QCOMPARE(missing.value(QStringLiteral("inSets")).toArray(), QJsonArray{QStringLiteral("demo")});
    QCOMPARE(trust({QStringLiteral("check"), leaf, QStringLiteral("--set"), QStringLiteral("absent")}).exitCode, 2);
}

void TestEnrollctlTrust::aRevocationListIsKeptAndRevokes()
{
    const auto leaf =
        m_room->write("leaf.pem", makeCertificate({.issuer = "Root", .serial = 0x77}, TestKey::ecc(), m_room->key));
    QCOMPARE(importInto("makers", m_room->write("root.pem", m_room->root)).exitCode, 0);
    QCOMPARE(trust({QStringLiteral("check"), pathOf(leaf)}).exitCode, 0);
    QCOMPARE(importInto("makers", m_room->write("below.pem", m_room->below)).exitCode, 0);
    const auto list =
        m_room->write("root.crl", makeRevocationListDer({.issuer = "Root", .serials = {0x77, 0x1001}}, m_room->key));
    const auto run = trust({QStringLiteral("import-crl"), pathOf(list)});
    QVERIFY2(run.exitCode == 0, run.errors.constData());
    QCOMPARE(run.text("schema"), QStringLiteral("enrollment-station/trust-import-crl/1"));
    const auto kept = arrayOf(run, "lists").at(0).toObject();
    QCOMPARE(kept.value(QStringLiteral("change")), QJsonValue{QStringLiteral("added")});
    QCOMPARE(kept.value(QStringLiteral("revoked")), QJsonValue{2});
    QVERIFY(trust({QStringLiteral("list")}).output.contains("invalid-path")); // the intermediate is 0x1001
    const auto sets = arrayOf(trust({QStringLiteral("list")}), "sets");
    QCOMPARE(sets.at(0).toObject().value(QStringLiteral("revocationLists")).toArray().size(), 1);
    const auto checked = trust({QStringLiteral("check"), pathOf(leaf)});
    QCOMPARE(checked.exitCode, 10);
    QCOMPARE(arrayOf(checked, "notes").at(0).toObject().value(QStringLiteral("id")),
             QJsonValue{QStringLiteral("revoked")});
}

void TestEnrollctlTrust::aRevocationListOfNobodyIsRefused()
{
    const auto list = m_room->write("root.crl", makeRevocationListDer({.issuer = "Root"}, m_room->key));
    const auto run = trust({QStringLiteral("import-crl"), pathOf(list)});
    QCOMPARE(run.exitCode, 2);
    QCOMPARE(run.text("code"), QStringLiteral("S-337"));
    QVERIFY(!QDir{m_ctl->dataDirectory()}.exists());
}

void TestEnrollctlTrust::anAnchorThatIsRevokedIsTrustedNoLonger()
{
    const auto below = m_room->write("in/below.pem", m_room->below);
    const auto leaf = pathOf(
        m_room->write("leaf.pem", makeCertificate({.issuer = "Below", .serial = 0x77}, TestKey::ecc(), m_room->key)));
    const QStringList anchored{QStringLiteral("import"), QStringLiteral("--anchor"), pathOf(below)};
    QCOMPARE(trust(anchored).exitCode, 0);
    QCOMPARE(trust({QStringLiteral("check"), leaf}).exitCode, 0);
    m_room->write("in/root.pem", m_room->root);
    const auto digest = QByteArray::fromStdString(m_room->below.sha256Hex());
    const auto imported = importInto("makers", m_room->path("in"));
    QVERIFY2(imported.errors.contains("enrollctl trust remove " + digest + " --set makers"),
             imported.errors.constData());
    QVERIFY(trust({QStringLiteral("list")}).output.contains("needless-anchor"));
    const auto list =
        m_room->write("root.crl", makeRevocationListDer({.issuer = "Root", .serials = {0x1001}}, m_room->key));
    const auto taken =
        trust({QStringLiteral("import-crl"), QStringLiteral("--set"), QStringLiteral("demo"), pathOf(list)});
    QVERIFY2(taken.exitCode == 0, taken.errors.constData()); // where it lies does not matter
    QVERIFY2(taken.errors.contains(digest + " --set makers"), taken.errors.constData());
    const auto checked = trust({QStringLiteral("check"), leaf});
    QCOMPARE(checked.exitCode, 10);
    QCOMPARE(checked.text("result"), QStringLiteral("invalid"));
    QVERIFY(trust({QStringLiteral("list")}).output.contains("invalid-path"));
}

void TestEnrollctlTrust::aListThatNobodySignedIsNamed()
{
    const auto list = makeRevocationListDer({.issuer = "Root"}, m_room->key);
    m_ctl->write(QStringLiteral("data/trust/by-hand.crl"),
                 QByteArray{reinterpret_cast<const char*>(list.data()), static_cast<qsizetype>(list.size())});
    const auto set = arrayOf(trust({QStringLiteral("list")}), "sets").at(0).toObject();
    QCOMPARE(set.value(QStringLiteral("name")), QJsonValue{QStringLiteral("makers")});
    const auto listed = set.value(QStringLiteral("revocationLists")).toArray().at(0).toObject();
    QCOMPARE(listed.value(QStringLiteral("warnings")).toArray().at(0).toObject().value(QStringLiteral("id")),
             QJsonValue{QStringLiteral("unsigned")});
    QCOMPARE(importInto("demo", m_room->write("root.pem", m_room->root)).exitCode, 0);
    const auto text = m_ctl->run({QStringLiteral("trust"), QStringLiteral("list")}).output;
    QVERIFY2(!text.contains("counts for nothing"), text.constData());
}

void TestEnrollctlTrust::whatANewerProgramMadeOfAnAuthoritySaysWhy()
{
    QCOMPARE(importInto("demo", m_room->write("root.pem", m_room->root)).exitCode, 0);
    QCOMPARE(importInto("makers", m_room->path("root.pem")).exitCode, 0);
    m_ctl->write(QStringLiteral("data/trust/demo/%1.json").arg(QString::fromStdString(m_room->root.sha256Hex())),
                 R"({"schema": "enrollment-station/trust-provenance/2", "source": "a.pem", "role": "responder"})");
    const auto leaf = pathOf(m_room->write("ek.pem", makeCertificate({.issuer = "Root"}, TestKey::ecc(), m_room->key)));
    const auto refused = trust({QStringLiteral("check"), leaf, QStringLiteral("--set"), QStringLiteral("demo")});
    QCOMPARE(refused.exitCode, 11);
    QVERIFY(refused.document()
                .value(QStringLiteral("missing"))
                .toObject()
                .value(QStringLiteral("whyNotHere"))
                .toString()
                .contains(QStringLiteral("'responder'")));
    QCOMPARE(trust({QStringLiteral("check"), leaf}).exitCode, 0); // the other set vouches
    QCOMPARE(listed().size(), 2);
    QVERIFY(listed().at(0).toObject().value(QStringLiteral("role")).isNull());
}

void TestEnrollctlTrust::whoProvesARevocationStaysKnown()
{
    QCOMPARE(importInto("makers", m_room->write("root.pem", m_room->root)).exitCode, 0);
    const auto list = m_room->write("root.crl", makeRevocationListDer({.issuer = "Root"}, m_room->key));
    QCOMPARE(trust({QStringLiteral("import-crl"), pathOf(list)}).exitCode, 0);
    const auto run = trust({QStringLiteral("remove"), QStringLiteral("CN=Root")});
    QCOMPARE(run.exitCode, 0);
    QCOMPARE(arrayOf(run, "removed").at(0).toObject().value(QStringLiteral("staysAsWitness")), QJsonValue{true});
    QVERIFY(listed().at(0).toObject().value(QStringLiteral("role")).isNull());
    QCOMPARE(importInto("makers", m_room->path("root.pem")).exitCode, 0);
    QCOMPARE(listed().at(0).toObject().value(QStringLiteral("role")), QJsonValue{QStringLiteral("anchor")});
}

QTEST_GUILESS_MAIN(TestEnrollctlTrust)
#include "tst_enrollctl_trust.moc"
