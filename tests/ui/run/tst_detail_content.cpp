#include "core/base/device_code.h"
#include "core/base/hold_code.h"
#include "tests/support/must.h"
#include "tests/ui/run/tile_samples.h"
#include "ui/run/detail_content.h"

#include <QTest>

#include <algorithm>

using namespace enroll;
using namespace enroll::ui;
using namespace std::chrono_literals;
using attestation::AttestationStep;
using attestation::Severity;
using attestation::StepOutcome;
using test::sampleRun;

namespace {

using Usual = ::enroll::station::UsualDurations;

DetailContent shown(const ::enroll::station::SlotState& state, const Usual* usual = nullptr)
{
    return detailContent(state, {{2}, "tcp://10.7.3.18:2321", std::chrono::steady_clock::now(), usual});
}

DetailContent shown(const enrollment::AttestationRun& run, const Usual* usual = nullptr)
{
    return shown(::enroll::station::SlotFinished{run}, usual);
}

/// What the content says of \p fact; nothing if it is left out.
std::optional<QString> said(const DetailContent& content, DeviceFact fact)
{
    const auto found = std::ranges::find(content.facts, fact, &FactLine::fact);
    return found == content.facts.end() ? std::nullopt : std::optional{found->value};
}

enrollment::AttestationRun runWithCertificate(const std::string& manufacturer)
{
    auto run = sampleRun(Outcome::Pass, std::nullopt, "GX-000183");
    run.registrationId = enrollment::RegistrationId{"oosxuln42x2y"};
    run.endorsementKey.emplace();
    run.endorsementKey->sha256 = Bytes(32, std::byte{0x12});
    auto& certificate = run.endorsementKey->certificate.emplace();
    certificate.manufacturer = manufacturer;
    certificate.model = "SLB9670";
    certificate.version = "id:0755";
    certificate.issuer = "CN=Manufacturing CA 022";
    certificate.path = crypto::PathResult::Trusted;
    certificate.notAfter = test::must(fromIso8601("2043-06-02T17:48:26.000Z"));
    return run;
}

enrollment::AttestationRun timedRun(std::chrono::milliseconds step)
{
    auto run = sampleRun(Outcome::Pass, std::nullopt, "GX-000183");
    for (const auto each : attestation::kAllSteps) {
        run.steps.push_back({each, StepOutcome::Ok, step, {}});
    }
    return run;
}

} // namespace

class DetailContentTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aResultFromBeforeTheRestartSaysHowOldItIs()
    {
        const auto olderBy = [](std::chrono::milliseconds age) {
            auto run = sampleRun(Outcome::Pass, std::nullopt, "GX-000183");
            run.duration = 10min;
            run.startedAt = utcNow() - run.duration - age; // the age is that of its end
            return shown(::enroll::station::SlotFinished{run, false, true});
        };
        QVERIFY(shown(sampleRun(Outcome::Pass, std::nullopt, "GX-000183")).before.isEmpty());
        QVERIFY(olderBy(5min + 30s).before.contains(QStringLiteral("5\u00a0min ago")));
        QVERIFY(olderBy(3h + 1min).before.contains(QStringLiteral("3\u00a0h ago")));
        QVERIFY(olderBy(72h + 1min).before.contains(QStringLiteral("3\u00a0days ago")));
        const auto ahead = olderBy(-1h); // the clock was set back
        QVERIFY(!ahead.before.isEmpty() && !ahead.before.contains(QStringLiteral("ago")));
        QVERIFY(accessibleText(ahead).contains(ahead.before));
    }

    void whatNobodyFoundOutIsLeftOut()
    {
        const auto empty = shown(::enroll::station::SlotEmpty{});
        QCOMPARE(empty.facts.size(), std::size_t{1});
        QVERIFY(said(empty, DeviceFact::Address).has_value());
        auto run = sampleRun(Outcome::Fail, DeviceCode::AttestationWrong, "GX-000185");
        run.tpm.reset();
        QCOMPARE(shown(run).facts.size(), std::size_t{1});
        QVERIFY(shown(run).findings.empty());
    }

    void keyAndCertificateAreShown()
    {
        using enum DeviceFact;
        const auto content = shown(runWithCertificate("id:49465800"));
        QCOMPARE(said(content, RegistrationId), QStringLiteral("oosxuln42x2y"));
        QCOMPARE(said(content, EkDigest), QStringLiteral("1212 1212 1212"));
        QCOMPARE(said(content, Maker), QStringLiteral("IFX SLB9670"));
        QCOMPARE(said(content, MadeWith), QStringLiteral("7.85"));
        QCOMPARE(said(content, Issuer), QStringLiteral("CN=Manufacturing CA 022"));
        QCOMPARE(said(content, ValidUntil), QStringLiteral("2043-06-02"));
        QVERIFY(said(content, Path).has_value());
        QVERIFY(!said(content, OtherDevice).has_value());
    }

    void aMakerThatIsNoLettersStaysAsItIsWritten_data()
    {
        QTest::addColumn<QString>("manufacturer");
        for (const auto* text : {"id:00001014", "id:4946580", "id:5C5C5C5C", "IFX"}) {
            QTest::newRow(text) << QString::fromLatin1(text);
        }
    }
    void aMakerThatIsNoLettersStaysAsItIsWritten()
    {
        QFETCH(QString, manufacturer);
        const auto content = shown(runWithCertificate(manufacturer.toStdString()));
        QCOMPARE(said(content, DeviceFact::Maker), QString(manufacturer + QLatin1String(" SLB9670")));
    }

    void eachPathHasItsWords()
    {
        QStringList words;
        for (const auto path : crypto::kAllPathResults) {
            auto run = runWithCertificate("id:49465800");
            run.endorsementKey->certificate->path = path;
            words << said(shown(run), DeviceFact::Path).value_or(QString());
        }
        QVERIFY(!words.contains(QString()));
        QCOMPARE(words.removeDuplicates(), 0);
    }

    void theOtherDeviceOfADuplicateKeyIsNamed()
    {
        const auto key = sampleRun(Outcome::Hold, HoldCode::EkEnrolledElsewhere, "GX-000186");
        QCOMPARE(said(shown(key), DeviceFact::OtherDevice), QStringLiteral("GX-000118"));
        const auto id = sampleRun(Outcome::Hold, HoldCode::RegistrationIdTaken, "GX-000186");
        QCOMPARE(said(shown(id), DeviceFact::OtherDevice), QStringLiteral("GX-000118"));
        // Its subject is this device: the other key has no serial of its own.
        const auto serial = sampleRun(Outcome::Hold, HoldCode::SerialHasOtherEk, "GX-000186");
        QVERIFY(!said(shown(serial), DeviceFact::OtherDevice));
        auto older = key;
        older.subject.reset();
        QVERIFY(!said(shown(older), DeviceFact::OtherDevice));
    }

    void theGravestFindingComesFirst()
    {
        auto run = sampleRun(Outcome::Fail, DeviceCode::EkCertificateRevoked, "GX-000185");
        run.findings = {{"a", Severity::Info, "One.", std::nullopt},
                        {"b", Severity::Hold, "Two.", ErrorCode{DeviceCode::EkCertificateOldForm}},
                        {"c", Severity::Warning, "Three.", std::nullopt},
                        {"d", Severity::Fail, "Four.", ErrorCode{DeviceCode::EkCertificateRevoked}},
                        {"e", Severity::Info, "Five.", std::nullopt}};
        const auto content = shown(run);
        QStringList texts;
        for (const auto& finding : content.findings) {
            texts << finding.text;
        }
        QCOMPARE(texts.join(QLatin1Char(' ')), QStringLiteral("Four. Two. Three. One. Five."));
        QVERIFY(content.findings[0].headline.isEmpty()); // the tile says it
        QVERIFY(!content.findings[1].headline.isEmpty());
        QVERIFY(content.findings[2].headline.isEmpty() && !content.findings[2].mark.isEmpty());
    }

    void whatOnlyANewerProgramKnowsIsShownAsItIsWritten()
    {
        auto run = sampleRun(Outcome::Hold, HoldCode::EkEnrolledElsewhere, "GX-000185");
        run.findings = {{"x", Word<Severity>::unknown("dire"), "Odd.", Word<ErrorCode>::unknown("D-999")}};
        const auto content = shown(run);
        QCOMPARE(content.findings.front().mark, QStringLiteral("D-999"));
        QVERIFY(content.findings.front().headline.isEmpty());
    }

    void aStepHasItsUsualTimeOnceTheStationKnowsIt()
    {
        Usual usual;
        const auto run = timedRun(2s);
        for (const auto& step : shown(run, &usual).steps) {
            QVERIFY(!step.usually);
        }
        for (int i = 0; i < 5; ++i) {
            usual.learn(timedRun(1s));
        }
        const auto content = shown(run, &usual);
        QVERIFY(content.steps.front().usually == 2s); // to connect and to identify are one step on the screen
        QVERIFY(content.steps.front().line.took == 4s);
        QVERIFY(content.steps.at(1).usually == 1s);
        QVERIFY(!content.steps.back().usually); // how long saving takes stands in no run
    }

    /// What time alone changes is not read aloud.
    void theSentencesStayWhileAStepRuns()
    {
        const auto now = std::chrono::steady_clock::now();
        ::enroll::station::SlotRunning running{enrollment::SerialNumber{"GX-000184"}, AttestationStep::TestAttestation,
                                               now - 9s, now - 1s, false};
        const auto before = shown(running);
        running.stepStartedAt = now - 5s;
        const auto after = shown(running);
        QVERIFY(!(before == after));
        QCOMPARE(accessibleText(after), accessibleText(before));
        QCOMPARE(accessibleText(after.tile), accessibleText(before.tile));
    }

    void everythingIsReadAloud()
    {
        auto run = runWithCertificate("id:49465800");
        run.findings = {{"c", Severity::Warning, "Three.", std::nullopt}};
        const auto content = shown(run);
        const auto text = accessibleText(content);
        QVERIFY(text.contains(QLatin1String("Three.")));
        for (const auto& fact : content.facts) {
            QVERIFY2(text.contains(fact.value), qPrintable(fact.value));
        }
        for (const auto& step : content.steps) {
            QVERIFY2(text.contains(accessibleText(step.line)), qPrintable(step.line.name));
        }
    }
};

QTEST_MAIN(DetailContentTest)
#include "tst_detail_content.moc"
