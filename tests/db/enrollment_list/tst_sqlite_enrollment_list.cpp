#include "core/base/service_code.h"
#include "db/enrollment_list/sqlite_enrollment_list.h"
#include "tests/support/bound_process.h"
#include "tests/support/field_device.h"
#include "tests/support/memory_enrollment_list.h"

#include <QTemporaryDir>
#include <QTest>

#include <atomic>
#include <thread>

using namespace enroll;
using namespace enroll::provisioning;
using db::enrollment_list::SqliteEnrollmentList;
using enroll::test::must;

namespace {

enum class Kind { Memory, Sqlite };

const enrollment::RegistrationId kId{"GX-000183"};

Bytes bytesOf(unsigned char value)
{
    return Bytes(32, std::byte{value});
}

/// What another program is told by the file; it opens it, asks once and closes it.
QByteArray askedFromOutside(const std::filesystem::path& file, const QString& statement)
{
    test::BoundProcess program;
    program.start(QStringLiteral("sqlite3"), {QString::fromStdString(file.string()), statement});
    return program.waitForFinished() && program.exitCode() == 0 ? program.readAllStandardOutput().trimmed()
                                                                : program.readAllStandardError();
}

} // namespace

/// What every list must do, run over each of them; and what only a file can show.
class TestSqliteEnrollmentList : public QObject {
    Q_OBJECT

    const Bytes m_ek = test::FieldDevice{}.endorsementKey();
    std::unique_ptr<QTemporaryDir> m_directory;

    std::filesystem::path file() const { return m_directory->filePath(QStringLiteral("list.sqlite")).toStdString(); }

    std::unique_ptr<EnrollmentList> openFile() const { return must(SqliteEnrollmentList::open(file())); }

    std::unique_ptr<EnrollmentList> open(Kind kind) const
    {
        return kind == Kind::Memory ? std::make_unique<test::MemoryEnrollmentList>() : openFile();
    }

    static void bothKinds()
    {
        QTest::addColumn<Kind>("kind");
        QTest::newRow("memory") << Kind::Memory;
        QTest::newRow("sqlite") << Kind::Sqlite;
    }

    IndividualEnrollment enrollment(const std::string& id = kId.text(), const std::string& etag = "\"1\"") const
    {
        IndividualEnrollment enrollment;
        enrollment.registrationId = enrollment::RegistrationId{id};
        enrollment.attestation.endorsementKey = m_ek;
        enrollment.etag = etag;
        enrollment.iotHubs = {"a.test", "b.test"};
        enrollment.twinJson = R"({"tags":{"line":4}})";
        enrollment.createdAt = UtcTime{std::chrono::milliseconds{1'795'000'000'123}};
        return enrollment;
    }

    PendingChallenge challenge(const std::string& challengeId) const
    {
        return {kId, challengeId, SecretBytes{bytesOf(1)}, m_ek, bytesOf(2), UtcTime{std::chrono::milliseconds{77}},
                {}};
    }

    RegistrationOperation operation(const std::string& operationId) const
    {
        RegistrationState state;
        state.registrationId = kId;
        state.status = RegistrationStatus::Assigning;
        state.createdAt = UtcTime{std::chrono::milliseconds{1'795'000'000'000}};
        state.updatedAt = state.createdAt;
        return {operationId, SecretBytes{bytesOf(1)}, m_ek, bytesOf(2), state, {}};
    }

    Settlement settlement(const std::string& operationId, const std::string& etag, const std::string& previous) const
    {
        auto state = operation(operationId).state;
        state.status = RegistrationStatus::Assigned;
        state.assignedHub = "a.test";
        state.etag = etag;
        return {operationId, state, bytesOf(3), SecretBytes{bytesOf(4)}, "\"1\"", previous};
    }

    void begin(EnrollmentList& list, const std::string& id) const
    {
        QCOMPARE(must(list.keepChallenge(challenge("c-" + id))), WriteOutcome::Done);
        QCOMPARE(must(list.begin("c-" + id, operation(id))), WriteOutcome::Done);
    }

private Q_SLOTS:
    void init() { m_directory = std::make_unique<QTemporaryDir>(); }

    void givesBackWhatWasInserted_data() { bothKinds(); }
    void givesBackWhatWasInserted()
    {
        QFETCH(Kind, kind);
        const auto list = open(kind);
        QCOMPARE(must(list->insert(enrollment())), WriteOutcome::Done);
        QVERIFY(must(list->enrollment(enrollment::RegistrationId{"gx-000183"})) == std::optional{enrollment()});
    }

    void refusesTheSameIdInOtherLetters_data() { bothKinds(); }
    void refusesTheSameIdInOtherLetters()
    {
        QFETCH(Kind, kind);
        const auto list = open(kind);
        QCOMPARE(must(list->insert(enrollment("GX-1", "\"1\""))), WriteOutcome::Done);
        QCOMPARE(must(list->insert(enrollment("gx-1", "\"2\""))), WriteOutcome::AlreadyThere);
        QCOMPARE(must(list->enrollment(enrollment::RegistrationId{"gX-1"}))->etag, std::string{"\"1\""});
    }

    void replacesOnlyTheVersionItIsTold_data() { bothKinds(); }
    void replacesOnlyTheVersionItIsTold()
    {
        QFETCH(Kind, kind);
        const auto list = open(kind);
        QCOMPARE(must(list->replace(enrollment(), "\"1\"")), WriteOutcome::NotThere);
        QCOMPARE(must(list->insert(enrollment())), WriteOutcome::Done);
        QCOMPARE(must(list->replace(enrollment(kId.text(), "\"2\""), "\"1\"")), WriteOutcome::Done);
        QCOMPARE(must(list->replace(enrollment(kId.text(), "\"3\""), "\"1\"")), WriteOutcome::Changed);
        QCOMPARE(must(list->enrollment(kId))->etag, std::string{"\"2\""});
    }

    void removesAllThatBelongsToAnEnrollment_data() { bothKinds(); }
    void removesAllThatBelongsToAnEnrollment()
    {
        QFETCH(Kind, kind);
        const auto list = open(kind);
        must(list->insert(enrollment()));
        begin(*list, "o");
        QCOMPARE(must(list->settle(settlement("o", "\"r\"", ""))), WriteOutcome::Done);
        QCOMPARE(must(list->remove(kId, "\"x\"")), WriteOutcome::Changed);
        QCOMPARE(must(list->remove(kId, "\"1\"")), WriteOutcome::Done);
        QCOMPARE(must(list->remove(kId, "\"1\"")), WriteOutcome::NotThere);
        QVERIFY(!must(list->challenge(kId)) && !must(list->operation("o")) && !must(list->registration(kId)));
        QVERIFY(!must(list->hubDeviceKey(kId)));
    }

    void pagesInOrderWithoutGaps_data() { bothKinds(); }
    void pagesInOrderWithoutGaps()
    {
        QFETCH(Kind, kind);
        const auto list = open(kind);
        for (const auto* id : {"c", "A", "b", "D", "e"}) {
            must(list->insert(enrollment(id)));
        }
        std::string found;
        std::string after;
        for (auto page = must(list->page(after, 2)); !page.empty(); page = must(list->page(after, 2))) {
            for (const auto& entry : page) {
                found += entry.registrationId.text();
                after = enrollment::registrationKey(entry.registrationId);
            }
        }
        QCOMPARE(found, std::string{"AbcDe"});
    }

    void keepsTheLatestChallengeAlone_data() { bothKinds(); }
    void keepsTheLatestChallengeAlone()
    {
        QFETCH(Kind, kind);
        const auto list = open(kind);
        QCOMPARE(must(list->keepChallenge(challenge("first"))), WriteOutcome::NotThere);
        must(list->insert(enrollment()));
        must(list->keepChallenge(challenge("first")));
        must(list->keepChallenge(challenge("second")));
        const auto kept = must(list->challenge(kId));
        QCOMPARE(kept->challengeId, std::string{"second"});
        QVERIFY(equalBytes(kept->idKey.view(), bytesOf(1)));
        QCOMPARE(kept->endorsementKey, m_ek);
        QCOMPARE(kept->storageRootKey, bytesOf(2));
        QVERIFY(kept->expiresAt == UtcTime{std::chrono::milliseconds{77}});
        QVERIFY(kept->operationId.empty());
    }

    void beginsOneOperationForAChallenge_data() { bothKinds(); }
    void beginsOneOperationForAChallenge()
    {
        QFETCH(Kind, kind);
        const auto list = open(kind);
        must(list->insert(enrollment()));
        QCOMPARE(must(list->begin("c", operation("o"))), WriteOutcome::NotThere);
        must(list->keepChallenge(challenge("c")));
        QCOMPARE(must(list->begin("earlier", operation("o"))), WriteOutcome::Changed);
        QCOMPARE(must(list->begin("c", operation("o"))), WriteOutcome::Done);
        QCOMPARE(must(list->begin("c", operation("p"))), WriteOutcome::AlreadyThere);
        QCOMPARE(must(list->challenge(kId))->operationId, std::string{"o"});
        QVERIFY(must(list->operation("o"))->state == operation("o").state);
        QVERIFY(!must(list->operation("p")));
    }

    void settlesAnOperationOnce_data() { bothKinds(); }
    void settlesAnOperationOnce()
    {
        QFETCH(Kind, kind);
        const auto list = open(kind);
        must(list->insert(enrollment()));
        begin(*list, "o");
        QCOMPARE(must(list->settle(settlement("x", "\"r\"", ""))), WriteOutcome::NotThere);
        QCOMPARE(must(list->settle(settlement("o", "\"r\"", ""))), WriteOutcome::Done);
        QCOMPARE(must(list->settle(settlement("o", "\"s\"", "\"r\""))), WriteOutcome::AlreadyThere);
        QCOMPARE(must(list->operation("o"))->hubKeyBlob, bytesOf(3));
        QCOMPARE(must(list->registration(kId))->etag, std::string{"\"r\""});
        QVERIFY(equalBytes(must(list->hubDeviceKey(kId))->view(), bytesOf(4)));
    }

    void settlesOnlyUponTheStateItWasWorkedOutFrom_data() { bothKinds(); }
    void settlesOnlyUponTheStateItWasWorkedOutFrom()
    {
        QFETCH(Kind, kind);
        const auto list = open(kind);
        must(list->insert(enrollment()));
        begin(*list, "o");
        begin(*list, "p");
        QCOMPARE(must(list->settle(settlement("o", "\"r\"", ""))), WriteOutcome::Done);
        QCOMPARE(must(list->settle(settlement("p", "\"s\"", ""))), WriteOutcome::Changed);
        QCOMPARE(must(list->settle(settlement("p", "\"s\"", "\"r\""))), WriteOutcome::Done);
    }

    void settlesOnlyUponTheEnrollmentItWasWorkedOutFrom_data() { bothKinds(); }
    void settlesOnlyUponTheEnrollmentItWasWorkedOutFrom()
    {
        QFETCH(Kind, kind);
        const auto list = open(kind);
        must(list->insert(enrollment()));
        begin(*list, "o");
        must(list->replace(enrollment(kId.text(), "\"2\""), "\"1\""));
        QCOMPARE(must(list->settle(settlement("o", "\"r\"", ""))), WriteOutcome::Changed);
        QVERIFY(!must(list->registration(kId)) && must(list->operation("o"))->hubKeyBlob.empty());
        auto again = settlement("o", "\"r\"", "");
        again.enrollmentEtag = "\"2\"";
        QCOMPARE(must(list->settle(again)), WriteOutcome::Done);
    }

    void keepsARefusalUnlessTheDeviceIsAssigned_data() { bothKinds(); }
    void keepsARefusalUnlessTheDeviceIsAssigned()
    {
        QFETCH(Kind, kind);
        const auto list = open(kind);
        must(list->insert(enrollment()));
        const auto refusal = [this](const std::string& operationId, const std::string& etag,
                                    const std::string& previous) {
            auto state = operation(operationId).state;
            state.status = RegistrationStatus::Disabled;
            state.etag = etag;
            return Settlement{operationId, state, {}, {}, "\"1\"", previous};
        };
        begin(*list, "o");
        QCOMPARE(must(list->settle(refusal("o", "\"r\"", ""))), WriteOutcome::Done);
        QCOMPARE(must(list->registration(kId))->status, RegistrationStatus::Disabled);
        QVERIFY(!must(list->hubDeviceKey(kId)));
        begin(*list, "p");
        QCOMPARE(must(list->settle(settlement("p", "\"s\"", "\"r\""))), WriteOutcome::Done);
        begin(*list, "q");
        QCOMPARE(must(list->settle(refusal("q", "\"t\"", "\"r\""))), WriteOutcome::Changed);
        QCOMPARE(must(list->settle(refusal("q", "\"t\"", "\"s\""))), WriteOutcome::Done);
        QCOMPARE(must(list->operation("q"))->state.status, RegistrationStatus::Disabled);
        QCOMPARE(must(list->registration(kId))->etag, std::string{"\"s\""});
        QVERIFY(must(list->hubDeviceKey(kId)).has_value());
    }

    void forgetsARegistrationWithItsKey_data() { bothKinds(); }
    void forgetsARegistrationWithItsKey()
    {
        QFETCH(Kind, kind);
        const auto list = open(kind);
        must(list->insert(enrollment()));
        begin(*list, "o");
        must(list->settle(settlement("o", "\"r\"", "")));
        QCOMPARE(must(list->removeRegistration(kId, "\"x\"")), WriteOutcome::Changed);
        QCOMPARE(must(list->removeRegistration(kId, "\"r\"")), WriteOutcome::Done);
        QCOMPARE(must(list->removeRegistration(kId, "\"r\"")), WriteOutcome::NotThere);
        QVERIFY(!must(list->hubDeviceKey(kId)));
        QVERIFY(!must(list->challenge(kId)) && !must(list->operation("o")));
        QVERIFY(must(list->enrollment(kId)).has_value());
    }

    void findsEverythingAgainAfterReopening()
    {
        {
            const auto list = openFile();
            must(list->insert(enrollment()));
            must(list->keepChallenge(challenge("c")));
        }
        const auto list = openFile();
        QVERIFY(must(list->enrollment(kId)).has_value());
        QCOMPARE(must(list->challenge(kId))->challengeId, std::string{"c"});
    }

    void keepsItsFilesToTheOwner()
    {
        const auto list = openFile();
        must(list->insert(enrollment()));
        for (const auto* suffix : {"", "-wal", "-shm"}) {
            const auto permissions = std::filesystem::status(file().string() + suffix).permissions();
            QCOMPARE(static_cast<unsigned>(permissions), 0600U);
        }
    }

    void keepsItsLogWhileAnotherProcessComesAndGoes()
    {
        const auto first = openFile();
        const auto second = openFile();
        must(first->insert(enrollment("dev-1")));
        const auto count = QStringLiteral("SELECT count(*) FROM enrollment");
        QCOMPARE(askedFromOutside(file(), count), QByteArray{"1"});
        QVERIFY(std::filesystem::exists(file().string() + "-wal"));

        QCOMPARE(must(second->insert(enrollment("dev-2"))), WriteOutcome::Done);
        QCOMPARE(askedFromOutside(file(), count), QByteArray{"2"});
    }

    void doesNotTakeABrokenPageForTheLast()
    {
        constexpr std::size_t kEntries = 100;
        {
            const auto list = openFile();
            for (std::size_t i = 0; i < kEntries; ++i) {
                must(list->insert(enrollment("dev-" + std::to_string(1000 + i))));
            }
        }
        const auto leaf = askedFromOutside(
            file(), QStringLiteral("SELECT pageno FROM dbstat WHERE name = 'enrollment' AND pagetype = 'leaf'"
                                   " ORDER BY path DESC LIMIT 1"));
        QFile database{QString::fromStdString(file().string())};
        QVERIFY(database.open(QIODevice::ReadWrite));
        QVERIFY(database.seek((leaf.toLongLong() - 1) * 4096));
        QCOMPARE(database.write(QByteArray(100, 'x')), 100);
        database.close();

        const auto page = openFile()->page("", kEntries);
        QVERIFY(!page.ok());
        QCOMPARE(page.error().code, ServiceCode::ListDamaged);
    }

    void namesTheDocumentThatCannotBeRead()
    {
        const auto list = openFile();
        must(list->insert(enrollment("dev-1")));
        must(list->insert(enrollment("dev-2")));
        must(list->insert(enrollment("dev-3")));
        QCOMPARE(must(list->requireReadable("", 2)), std::string{"dev-2"});
        QCOMPARE(must(list->requireReadable("dev-2", 2)), std::string{});
        askedFromOutside(file(), QStringLiteral("UPDATE enrollment SET document = '{}' WHERE id = 'dev-2'"));

        const auto named = [](const Error& error) {
            return error.code == ServiceCode::ListDamaged &&
                   error.what.find("enrollment of registration id 'dev-2'") != std::string::npos;
        };
        QVERIFY(named(list->enrollment(enrollment::RegistrationId{"dev-2"}).error()));
        QVERIFY(named(list->page("", 10).error()));
        QVERIFY(named(list->requireReadable("", 10).error()));
        QCOMPARE(must(list->requireReadable("dev-2", 10)), std::string{});
    }

    void letsOneOfManyThreadsReplaceAVersion()
    {
        must(openFile()->insert(enrollment()));
        std::atomic<int> done{0};
        {
            std::vector<std::jthread> threads;
            for (int i = 0; i < 6; ++i) {
                threads.emplace_back([this, i, &done] {
                    const auto list = openFile();
                    const auto mine = enrollment(kId.text(), "\"new-" + std::to_string(i) + "\"");
                    done += must(list->replace(mine, "\"1\"")) == WriteOutcome::Done ? 1 : 0;
                });
            }
        }
        QCOMPARE(done.load(), 1);
    }

    void refusesAFileThatIsNoDatabase()
    {
        QFile damaged{QString::fromStdString(file().string())};
        QVERIFY(damaged.open(QIODevice::WriteOnly));
        damaged.write(QByteArray(4096, 'x'));
        damaged.close();
        QCOMPARE(SqliteEnrollmentList::open(file()).error().code, ServiceCode::ListDamaged);
    }
};

QTEST_GUILESS_MAIN(TestSqliteEnrollmentList)
#include "tst_sqlite_enrollment_list.moc"
