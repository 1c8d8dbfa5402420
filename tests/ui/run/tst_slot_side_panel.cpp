#include "core/base/hold_code.h"
#include "tests/support/screen_texts.h"
#include "tests/ui/run/tile_samples.h"
#include "ui/model/step_lines.h"
#include "ui/run/slot_side_panel.h"

#include <QTest>

using namespace enroll;
using namespace enroll::ui;
using namespace std::chrono_literals;
using attestation::AttestationStep;
using attestation::Severity;
using attestation::StepOutcome;
using test::sampleRun;

namespace {

enrollment::AttestationRun runWithFinding(Outcome outcome, std::optional<ErrorCode> code, Severity severity)
{
    auto run = sampleRun(outcome, code, "GX-000183");
    for (const auto step : attestation::kAllSteps) {
        run.steps.push_back({step, StepOutcome::Ok, 300ms, {}});
    }
    auto& decided = run.steps.at(static_cast<std::size_t>(AttestationStep::CheckPolicy));
    decided.outcome = StepOutcome::Finding;
    run.findings.push_back({"a-finding", severity, "Something was noticed.", code, AttestationStep::CheckPolicy});
    return run;
}

struct Shown {
    explicit Shown(const station::SlotState& state, const std::optional<enrollment::RecordSummary>& record = {})
    {
        panel.resize(629, 866);
        panel.show(state, record, "tcp://127.0.0.1:2321");
    }

    [[nodiscard]] int pixels(const QColor& colour)
    {
        const auto image = panel.grab().toImage();
        int found = 0;
        for (int y = 0; y < image.height(); ++y) {
            for (int x = 0; x < image.width(); ++x) {
                found += image.pixelColor(x, y) == colour ? 1 : 0;
            }
        }
        return found;
    }

    Theme theme{ThemeChoice::Light, {}};
    SlotSidePanel panel{theme};
};

} // namespace

class SlotSidePanelTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void onlyTheDecidingStepHasAVerdictsColour()
    {
        Shown hold(station::SlotFinished{runWithFinding(Outcome::Hold, HoldCode::EkEnrolledElsewhere, Severity::Hold)});
        const auto colour = hold.theme.tokens().hold.fill;
        QVERIFY(hold.pixels(colour) > 50);
    }

    void aWarningKeepsItsTick()
    {
        Shown warned(station::SlotFinished{runWithFinding(Outcome::Pass, std::nullopt, Severity::Warning)});
        Shown clean(station::SlotFinished{runWithFinding(Outcome::Pass, std::nullopt, Severity::Info)});
        QCOMPARE(warned.panel.grab().toImage(), clean.panel.grab().toImage());
        QCOMPARE(warned.pixels(warned.theme.tokens().pass.fill), 0);
        QCOMPARE(warned.panel.accessibleName(), clean.panel.accessibleName());
    }

    void namesTheDestinationsThatItsWordIsTrueOf()
    {
        using enrollment::RecordState;
        auto record = test::recordIn(RecordState::Accepted); // by "cloud"
        record.destinations.push_back({enrollment::DestinationName{"plant"}, RecordState::Rejected, "U-409", {}});
        record.state = RecordState::Rejected;
        const auto run = runWithFinding(Outcome::Pass, std::nullopt, Severity::Info);
        Shown shown(station::SlotFinished{run}, record);
        const auto texts = test::paintedTexts(shown.panel);
        QVERIFY(texts.contains(QStringLiteral("by plant")));
        QVERIFY(texts.filter(QStringLiteral("cloud")).isEmpty());
    }

    void readsTheStepsAloud()
    {
        const station::SlotState state =
            station::SlotFinished{runWithFinding(Outcome::Hold, HoldCode::EkEnrolledElsewhere, Severity::Hold)};
        const Shown hold(state);
        for (const auto& line : stepLines(state)) {
            QVERIFY2(hold.panel.accessibleName().contains(accessibleText(line)), qPrintable(line.name));
        }
    }
};

QTEST_MAIN(SlotSidePanelTest)
#include "tst_slot_side_panel.moc"
