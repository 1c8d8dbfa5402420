#pragma once

#include "ui/run/run_controller.h"
#include "ui/run/run_header.h"
#include "ui/run/scan_bar.h"
#include "ui/run/slot_grid.h"
#include "ui/run/slot_number_entry.h"
#include "ui/run/station_stop.h"

#include <QTimer>

class QHBoxLayout;

namespace enroll::ui {

class SlotSidePanel;

/// Who and where this station is, for the header.
struct StationIdentity {
    QString station;
    QString line;
    QString profile;
    SoftwareTpms softwareTpms = SoftwareTpms::Refused;
};

/// What the journal says by now; read on another thread.
struct JournalView {
    ShiftCount today;
    int devicesToday = 0;
    int queued = 0;
    /// How far the records of the runs on show have come, by run id.
    std::map<enrollment::RunId, enrollment::RecordSummary> records;
};

/// The technician's screen: header, slots, scan bar, and the keys that work them.
class RunScreen final : public QWidget {
    Q_OBJECT

public:
    RunScreen(RunController& controller, const Theme& theme, StationIdentity identity, QWidget* parent = nullptr);

    void showJournal(const JournalView& view);
    void showCondition(const StationCondition& condition);
    [[nodiscard]] SlotGrid& grid() { return *m_grid; }
    [[nodiscard]] ScanBar& scanBar() { return *m_scanBar; }
    [[nodiscard]] RunHeader& header() { return *m_header; }

    void focusSerialEntry();
    void chooseSlot();
    void startAllReady();
    /// Asks first; a second call within the question stops the slot. A verdict that is being saved stands.
    void stopSelectedSlot();
    /// Takes back a question or the choice of a slot.
    void cancel();
    /// For good: the screen takes nothing more.
    void stopEverything();

protected:
    void resizeEvent(QResizeEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    bool focusNextPrevChild(bool next) override;

private:
    void buildLayout();
    void connectSlotNumber();
    void enterSerial(const QString& text);
    void activateSlot(int slot);
    void slotFocused(int slot);
    /// Where the next serial goes is chosen by F2, a click or Enter, and forgotten when the person goes elsewhere.
    void forgetSelection();
    void selectSlot(enrollment::SlotNumber slot);
    void refreshSlot(enrollment::SlotNumber slot);
    void refreshRunning();
    void refreshAll();
    void showStop();
    void refreshHeader();
    void say(const Error& error);
    void sayBound(const station::Binding& binding, const QString& serial);
    /// What a selected slot can be told.
    [[nodiscard]] QString offerOf(const station::SlotState& state) const;
    void sayStarted(const QString& headline);
    /// With one slot nothing else says what comes next; with more, the message belongs to the last scan, unless it asks
    /// about this run.
    void sayFinished(const enrollment::AttestationRun& run);
    void sayIdle();
    [[nodiscard]] bool onlySlot() const { return m_side != nullptr; }
    [[nodiscard]] std::optional<enrollment::SlotNumber> slotToStop() const;
    [[nodiscard]] bool savesItsVerdict(enrollment::SlotNumber slot) const;

    RunController& m_controller;
    const Theme& m_theme;
    StationIdentity m_identity;
    StationCondition m_condition;
    std::optional<JournalView> m_journal;
    std::optional<enrollment::SlotNumber> m_selected;
    std::optional<enrollment::SlotNumber> m_stopQuestion;
    SlotNumberEntry m_slotNumber;
    RunHeader* m_header;
    StationStop* m_stop;
    QHBoxLayout* m_middle = nullptr;
    SlotGrid* m_grid;
    SlotSidePanel* m_side = nullptr; ///< only beside a single slot
    ScanBar* m_scanBar;
    QTimer m_progressTimer;
    QTimer m_clockTimer;
};

} // namespace enroll::ui
