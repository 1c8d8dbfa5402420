#pragma once

#include "ui/model/journal_view.h"
#include "ui/run/run_controller.h"
#include "ui/run/slot_grid.h"
#include "ui/shell/screen.h"

#include <QTimer>

namespace enroll::ui {

class SlotPane;

/// Shows each slot as it is: on its tile and in the pane beside the tiles. While a slot runs, its progress moves.
class SlotPresenter final : public QObject {
    Q_OBJECT

public:
    SlotPresenter(RunController& controller, SlotGrid& grid, SlotPane& pane, QObject* parent = nullptr);

    void show(enrollment::SlotNumber slot);
    void showAll();
    /// Puts the mark of the slot where the next serial goes on \p slot, and takes it from where it was. False, and
    /// nothing changes, if it is there already.
    /// \p chosen: by a person for the next scan.
    bool mark(std::optional<enrollment::SlotNumber> slot, std::optional<enrollment::SlotNumber> chosen);
    /// Opens the detail of the slot that station::slotToLookAt() names, or closes it. False, and nothing changes, if it
    /// names none.
    bool toggleDetail(std::optional<enrollment::SlotNumber> chosen);
    /// The detail, where one is open, is \p slot's from here on, if that is one.
    void lookAt(std::optional<enrollment::SlotNumber> slot);
    /// False, and nothing changes, if no detail is open.
    bool closeDetail();
    /// The code on the tile of the slot whose detail is open, else on that of \p slot; absent: it shows none.
    [[nodiscard]] std::optional<HelpTopic> topicOf(std::optional<enrollment::SlotNumber> slot) const;
    /// What the journal says of the records on the screen.
    void takeJournal(const JournalView& view);

    /// The runs whose records are on the screen.
    [[nodiscard]] std::vector<enrollment::RunId> recordsOnShow() const;

private:
    /// What the journal says of the record of the run that the slot shows; null if it says nothing.
    [[nodiscard]] const enrollment::RecordSummary* recordIn(enrollment::SlotNumber slot) const;
    [[nodiscard]] TileContext contextOf(enrollment::SlotNumber slot) const;

    RunController& m_controller;
    SlotGrid& m_grid;
    SlotPane& m_pane;
    std::optional<JournalView> m_journal;
    std::optional<enrollment::SlotNumber> m_marked; ///< the tile that shows the mark
    std::optional<enrollment::SlotNumber> m_chosen; ///< for the next scan
    QTimer m_progress;
};

} // namespace enroll::ui
