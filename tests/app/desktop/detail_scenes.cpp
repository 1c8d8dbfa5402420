#include "tests/app/desktop/detail_scenes.h"

#include "core/base/device_code.h"
#include "tests/app/desktop/language_scenes.h"
#include "tests/ui/run/tile_samples.h"
#include "tests/ui/station_window.h"
#include "ui/model/catalog_text.h"
#include "ui/run/slot_detail.h"

namespace enroll::test {
namespace {

using namespace std::chrono_literals;
using namespace ui;
using attestation::Severity;
using attestation::StepOutcome;

const QString kEvidence = QStringLiteral("Something was noticed.");
const QStringList kWords{QStringLiteral("GX-"),       QStringLiteral("IFX SLB9670"),  QStringLiteral("tcp://"),
                         QStringLiteral("cloud"),     QStringLiteral("CN=Authority"), QStringLiteral("ID7"),
                         QStringLiteral("Something"), QStringLiteral("was"),          QStringLiteral("noticed.")};

/// A run with everything that a detail can show.
enrollment::AttestationRun fullRun(crypto::PathResult path)
{
    auto run = sampleRun(Outcome::Fail, DeviceCode::AttestationWrong, "GX-000185");
    run.registrationId = enrollment::RegistrationId{"ID7"};
    run.endorsementKey.emplace();
    run.endorsementKey->sha256 = Bytes(32, std::byte{0x12});
    auto& certificate = run.endorsementKey->certificate.emplace();
    certificate.manufacturer = "id:49465800";
    certificate.model = "SLB9670";
    certificate.version = "id:0755";
    certificate.issuer = "CN=Authority";
    certificate.path = path;
    for (const auto step : attestation::kAllSteps) {
        run.steps.push_back({step, StepOutcome::Ok, 12s, {}});
    }
    run.findings = {{"a", Severity::Info, kEvidence.toStdString(), std::nullopt},
                    {"b", Severity::Warning, kEvidence.toStdString(), std::nullopt},
                    {"c", Severity::Hold, kEvidence.toStdString(), ErrorCode{DeviceCode::EkCertificateMissing}}};
    return run;
}

void lookAt(Eyes& eyes, const station::SlotState& state, const station::UsualDurations& usual)
{
    const Theme theme(ThemeChoice::Light, {});
    SlotDetail detail(theme);
    detail.resize(629, 1400);
    detail.show(detailContent(state, {{3}, "tcp://10.7.3.18:2321", std::chrono::steady_clock::now(), &usual}));
    eyes.look(detail, QStringLiteral("detail"), kWords);
}

} // namespace

void showDetails(Eyes& eyes)
{
    station::UsualDurations usual;
    for (const auto& state : sampleStates(std::chrono::steady_clock::now())) {
        lookAt(eyes, state, usual);
    }
    auto passed = fullRun(crypto::PathResult::Trusted);
    passed.outcome = Outcome::Pass;
    for (int i = 0; i < 5; ++i) {
        usual.learn(passed);
    }
    for (const auto path : crypto::kAllPathResults) {
        lookAt(eyes, station::SlotFinished{fullRun(path)}, usual);
    }
    Station none(2);
    none.press(Qt::Key_F9);
    eyes.look(none.runScreen->scanBar(), QStringLiteral("no slot to show"), kWords);
}

void showHelp(Eyes& eyes)
{
    const QStringList keys{QStringLiteral("Ctrl+Q"), QStringLiteral("Ctrl"),  QStringLiteral("Esc"),
                           QStringLiteral("PgDown"), QStringLiteral("PgUp"),  QStringLiteral("F"),
                           QStringLiteral("Left"),   QStringLiteral("Right"), QStringLiteral("Up"),
                           QStringLiteral("Down")};
    Station station(2);
    auto& help = station.window->help();
    station.press(Qt::Key_F1);
    eyes.look(help, QStringLiteral("list of keys"), kWords + keys);
    for (const auto& row : allCodes()) {
        help.show({HelpTopic{row.code, headlineText(row.code)}, station.window->keyLines()});
        eyes.look(help, QStringLiteral("help"), kWords + keys);
    }
}

} // namespace enroll::test
