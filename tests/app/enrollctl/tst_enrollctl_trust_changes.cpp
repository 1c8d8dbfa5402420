#include "db/trust/trust_lock.h"
#include "tests/app/enrollctl/enrollctl_process.h"
#include "tests/support/revocation_list_maker.h"
#include "tests/support/trust_room.h"

#include <QJsonArray>
#include <QTest>

using namespace enroll;
using namespace enroll::test;

/// Who changes what a station trusts, what that leaves behind, and two who do it at once.
class TestEnrollctlTrustChanges : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_ctl = std::make_unique<EnrollctlProcess>();
        m_room = std::make_unique<TrustRoom>();
    }

    /// Each certificate proves the list as long as the other is there: only one of the two may go.
    void twoRemovalsAtOnceKeepTheProof()
    {
        const auto root = authorityOf("Root", 1);
        const auto twin = authorityOf("Root", 2);
        const auto leaf = pathOf(
            m_room->write("leaf.pem", makeCertificate({.issuer = "Below", .serial = 9}, TestKey::ecc(), m_room->key)));
        imports("below.pem", m_room->below, {QStringLiteral("--anchor")});
        imports("root.pem", root, {QStringLiteral("--set"), QStringLiteral("one")});
        imports("twin.pem", twin, {QStringLiteral("--set"), QStringLiteral("two")});
        const auto list =
            m_room->write("root.crl", makeRevocationListDer({.issuer = "Root", .serials = {0x1001}}, m_room->key));
        QCOMPARE(trust({QStringLiteral("import-crl"), pathOf(list)}).exitCode, 0);
        const QStringList checking{QStringLiteral("check"), leaf, QStringLiteral("--set"), QStringLiteral("makers")};
        QCOMPARE(trust(checking).exitCode, 10);

        auto held = std::optional{
            db::trust::lockForChange(store(), Deadline::in(std::chrono::milliseconds{0}), {})}; // so that both wait
        QVERIFY(held->ok());
        std::vector<std::unique_ptr<QProcess>> removals;
        for (const auto& one : {root, twin}) {
            removals.push_back(m_ctl->start({QStringLiteral("trust"), QStringLiteral("remove"),
                                             QString::fromStdString(one.sha256Hex()), QStringLiteral("--json")}));
            QVERIFY(removals.back()->waitForStarted());
        }
        held.reset();
        for (const auto& removal : removals) {
            QVERIFY(removal->waitForFinished(60'000));
            QCOMPARE(removal->exitCode(), 0);
        }
        QCOMPARE(trust(checking).exitCode, 10);
    }

    void whatIsChangedIsKeptWithItsDigestAndWhoDidIt()
    {
        m_ctl->trustSomebody();
        const QStringList enrolling{QStringLiteral("enroll"), QStringLiteral("--device"),
                                    QStringLiteral("tcp://127.0.0.1:9"), QStringLiteral("--serial"),
                                    QStringLiteral("GX-000001")};
        QCOMPARE(m_ctl->run(enrolling).exitCode, 10); // begins the journal
        imports("root.pem", m_room->root, {});
        imports("root.pem", m_room->root, {}); // changes nothing
        const auto list = m_room->write("root.crl", makeRevocationListDer({.issuer = "Root"}, m_room->key));
        QCOMPARE(trust({QStringLiteral("import-crl"), pathOf(list)}).exitCode, 0);
        QCOMPARE(trust({QStringLiteral("remove"), QStringLiteral("CN=Root")}).exitCode, 0);

        const auto acts = m_ctl->run({QStringLiteral("journal"), QStringLiteral("acts"), QStringLiteral("--json")})
                              .document()
                              .value(QStringLiteral("acts"))
                              .toArray();
        QStringList words;
        for (const auto& value : acts) {
            const auto act = value.toObject();
            words << act.value(QStringLiteral("what")).toString();
            QVERIFY(!act.value(QStringLiteral("account")).toString().isEmpty());
            QCOMPARE(act.value(QStringLiteral("files")).toArray().size(), 1);
        }
        words.sort();
        QCOMPARE(words, (QStringList{QStringLiteral("list-imported"), QStringLiteral("trust-imported"),
                                     QStringLiteral("trust-removed")}));
        const auto text = m_ctl->run({QStringLiteral("journal"), QStringLiteral("acts")}).output;
        QVERIFY2(text.contains("makers/" + QByteArray::fromStdString(m_room->root.sha256Hex()) + ".pem"),
                 text.constData());
    }

    void theLastAnchorDoesNotGoWithoutAWord()
    {
        imports("root.pem", m_room->root, {});
        imports("below.pem", m_room->below, {});
        const auto below = trust({QStringLiteral("remove"), QStringLiteral("CN=Below")});
        QCOMPARE(below.exitCode, 0);
        QVERIFY(!below.errors.contains("WARNING"));
        const auto last = trust({QStringLiteral("remove"), QStringLiteral("CN=Root")});
        QCOMPARE(last.exitCode, 0);
        QVERIFY2(last.errors.contains("WARNING"), last.errors.constData());
        QVERIFY2(last.errors.contains("\"makers\""), last.errors.constData());
    }

    void whatCountsForNothingIsNamed()
    {
        imports("root.pem", m_room->root, {});
        m_ctl->write(QStringLiteral("data/trust/other/odd.pem"), "nonsense");
        m_ctl->write(QStringLiteral("data/trust/makers/crl/l.crl"), "a list");
        const auto listed = trust({QStringLiteral("list")});
        QCOMPARE(listed.exitCode, 13); // not everything could be read
        QVERIFY(listed.isOneDocument());
        const auto notRead = listed.document().value(QStringLiteral("notRead")).toArray();
        QCOMPARE(notRead.size(), 2);
        QVERIFY(notRead.at(0).toObject().value(QStringLiteral("file")).toString().endsWith(u"other/odd.pem"));
        QVERIFY(notRead.at(1).toObject().value(QStringLiteral("file")).toString().endsWith(u"makers/crl"));
        QCOMPARE(listed.document().value(QStringLiteral("certificates")).toArray().size(), 1);
        const auto checked = m_ctl->run({QStringLiteral("config"), QStringLiteral("check")});
        for (const auto* name : {"other/odd.pem", "makers/crl"}) {
            QVERIFY2(checked.errors.contains(name), checked.errors.constData());
        }
    }

    /// What it revokes are devices' certificates, which nobody would miss in the list of authorities.
    void anIndirectListThatLeadsNowhereIsNamed()
    {
        const auto lister = makeCertificate(authorityPlan("Lister", "Nobody"), m_room->key, m_room->key);
        imports("root.pem", authorityOf("Root", 1), {});
        imports("lister.pem", lister, {});
        const auto list = m_room->write(
            "lister.crl", makeRevocationListDer({.issuer = "Lister", .extensions = {kIndirect}}, m_room->key));
        QCOMPARE(trust({QStringLiteral("import-crl"), pathOf(list)}).exitCode, 0);
        const auto set = trust({QStringLiteral("list")}).document().value(QStringLiteral("sets")).toArray().at(0);
        const auto kept = set.toObject().value(QStringLiteral("revocationLists")).toArray().at(0).toObject();
        QCOMPARE(kept.value(QStringLiteral("warnings")).toArray().at(0).toObject().value(QStringLiteral("id")),
                 QJsonValue{QStringLiteral("unanchored")});
    }

private:
    [[nodiscard]] crypto::Certificate authorityOf(const char* name, long serial) const
    {
        auto plan = authorityPlan(name, name);
        plan.serial = serial;
        return makeCertificate(plan, m_room->key, m_room->key);
    }
    [[nodiscard]] std::filesystem::path store() const
    {
        return std::filesystem::path{m_ctl->dataDirectory().toStdString()} / "trust";
    }
    [[nodiscard]] CtlRun trust(const QStringList& arguments) const
    {
        return m_ctl->run(QStringList{QStringLiteral("trust")} + arguments + QStringList{QStringLiteral("--json")});
    }
    void imports(const std::string& name, const crypto::Certificate& certificate, const QStringList& options) const
    {
        const auto run =
            trust(QStringList{QStringLiteral("import"), pathOf(m_room->write(name, certificate))} + options);
        QVERIFY2(run.exitCode == 0, run.errors.constData());
    }
    static QString pathOf(const std::filesystem::path& file) { return QString::fromStdString(file.string()); }

    std::unique_ptr<EnrollctlProcess> m_ctl;
    std::unique_ptr<TrustRoom> m_room;
};

QTEST_GUILESS_MAIN(TestEnrollctlTrustChanges)
#include "tst_enrollctl_trust_changes.moc"
