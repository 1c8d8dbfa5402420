#pragma once

#include "ui/model/journal_view.h"
#include "ui/run/run_caption.h"
#include "ui/run/run_controller.h"
#include "ui/run/scan_bar.h"
#include "ui/run/slot_grid.h"
#include "ui/run/slot_number_entry.h"
#include "ui/run/station_stop.h"
#include "ui/shell/screen.h"

#include <chrono>
#include <functional>
#include <initializer_list>

class QHBoxLayout;

namespace enroll::ui {

class SlotPane;
class SlotPresenter;

/// The technician's screen: slots, scan bar, and the keys that work them.
class RunScreen final : public Screen {
    Q_OBJECT

public:
    RunScreen(RunController& controller, const Theme& theme, StationIdentity identity, QWidget* parent = nullptr);

    void showJournal(const JournalView& view);
    [[nodiscard]] SlotGrid& grid() { return *m_grid; }
    [[nodiscard]] ScanBar& scanBar() { return *m_scanBar; }
    /// True while a slot, or the station, waits for somebody.
    [[nodiscard]] bool needsPerson() const { return m_grid->callsPerson() || m_controller.stopReason(); }

    [[nodiscard]] QString title() const override { return tr("Run"); }
    [[nodiscard]] std::vector<ScreenKey> keys() override;
    void refresh() override;
    [[nodiscard]] Caption caption() const override
    {
        return runCaption(m_identity, m_controller.workOrder(), m_controller.signIn(), m_tested);
    }
    [[nodiscard]] std::optional<HelpTopic> helpTopic() const override;
    void takeFocus() override { m_scanBar->focusEntry(); }
    void typed(QKeyEvent& event) override;
    void scanned(const Result<QString>& code) override;
    /// The station checks itself, and what that came to: S-306 and whatever hindered it.
    void sayChecking();
    void sayChecked(const Result<void>& check);
    /// The station's own scanner answers, or not: S-342.
    void showScanner(const std::optional<Error>& trouble);
    [[nodiscard]] bool idle() const override { return m_controller.idle(); }
    /// Asks while slots test. Asked again after a second, and within half a minute, it agrees.
    [[nodiscard]] bool letsClose() override;
    void refuseToClose() override;
    void stopForGood(Closing closing) override;

    /// \p now in place of the monotonic clock.
    void setClock(std::function<std::chrono::steady_clock::time_point()> now) { m_now = std::move(now); }

    void focusSerialEntry();
    void chooseSlot();
    void startAllReady();
    /// A serial that waits in the selected slot is taken out of it. A run is stopped: asks first; a second call within the
    /// question, and a second after it, stops it. A verdict that is being saved stands.
    void stopSelectedSlot();
    /// Clears the result in the selected slot, or in the only slot of the station.
    void acknowledgeResult();
    /// Opens the detail of the selected slot, or of the likeliest one; closes it if it is open.
    void toggleDetail();
    /// Takes back a question or the choice of a slot.
    void cancel();
    /// Nobody is signed in from here on; what runs goes on.
    void signOut();

Q_SIGNALS:
    /// Somebody wants the station to check itself.
    void checkWanted();
    /// The screen was refreshed: showJournal() is due, with what the journal says by now of the runs \p onShow.
    void journalWanted(const std::vector<enroll::enrollment::RunId>& onShow);
    void alerted(enroll::ui::Alert alert);

protected:
    void resizeEvent(QResizeEvent* event) override;
    void keyReleaseEvent(QKeyEvent* event) override;
    void hideEvent(QHideEvent* event) override;
    bool focusNextPrevChild(bool next) override;

private:
    void buildLayout();
    void rescale();
    /// The page of slots after or before, or of the detail while that is open.
    void turnPage(int by);
    void showPage(int page);
    void leaveTiles();
    void leaveTilesOfOtherPages(enrollment::SlotNumber slot);
    /// Nothing may lie over this slot now.
    void letSee(enrollment::SlotNumber slot);
    void connectSlotNumber();
    /// What was typed or scanned: a serial, a slot's label, or a command.
    void enter(const QString& text, const station::EntryWay& way);
    void obeyScan(station::ScannedCode scanned);
    void obey(station::Command command);
    void startSelectedSlot();
    /// Whoever starts \p slot answers for its device where that is doubted, but not where a label was refused just before:
    /// its device may be the one that is in. True: that was so; the bar asks, and no slot is chosen. An answer comes a second
    /// later.
    bool endAnswer(enrollment::SlotNumber slot);
    /// A key that starts the only slot comes right behind the scan, before anybody can have read the question whether its
    /// device is the one that is in: no answer, and the bar asks again. True: that was so.
    bool endHaste();
    void bindSerial(const std::string& code);
    void takeOrder(const enrollment::BatchId& order);
    void sayFirst();
    /// What is to be scanned next: a badge, a work order, or a serial number; nothing while a badge is being read.
    [[nodiscard]] ScanMessage wanted() const;
    /// \p code is wiped.
    void readBadge(std::string& code);
    /// What was refused for \p why may be a badge's code, or a part of one: where badges are used, nobody else reads it.
    void hideBadge(ErrorCode why);
    void saySignedIn(const enrollment::Person& person);
    void sayNoSignIn(const Error& error);
    /// What somebody typed or chose who is not there any more.
    void forgetHalfDone();
    /// No badge is read any more, and no PIN asked for, and nobody came of it.
    void forgetReading();
    void activateSlot(int slot);
    void slotFocused(int slot);
    /// Where the next serial goes is chosen by F2, a click or Enter, and forgotten when the person goes elsewhere.
    void forgetSelection();
    void selectSlot(enrollment::SlotNumber slot);
    void select(std::optional<enrollment::SlotNumber> slot);
    void refreshSlot(enrollment::SlotNumber slot);
    /// Where the bar says what the keys do to \p slot, it says what they do now.
    void refreshOffer(enrollment::SlotNumber slot);
    /// What the bar said of \p slot is over.
    void sayOver(enrollment::SlotNumber slot);
    void sayChosen(enrollment::SlotNumber slot);
    /// Shows the mark where the next serial goes, and takes it from where it was.
    void refreshMark();
    [[nodiscard]] std::optional<enrollment::SlotNumber> marked() const;
    void refreshAll();
    void showStop();
    void tellIdle();
    void tell(const ScanMessage& message);
    /// A second wish to do what one of \p questions was told of comes so soon that nobody has read it. \p slot: told of this one.
    [[nodiscard]] bool isSlip(std::initializer_list<ScanNews> questions,
                              std::optional<enrollment::SlotNumber> slot = {}) const;
    /// With one slot nothing else says what comes next; with more, the message belongs to the last scan, unless it asks
    /// about this run, or its slot was chosen.
    void sayFinished(const enrollment::AttestationRun& run);
    void sayIdle();
    void sayNews(const station::SlotNews& news);
    void sayStarted(enrollment::SlotNumber slot);
    void sayLate(const enrollment::SerialNumber& serial);
    /// A label was scanned by a scanner that works as a keyboard, and a part of it came.
    void sayCutOff();
    /// What was scanned is nothing that the station can take; the slots hear of it.
    void refuseScan(const Error& why);
    /// Once for each scan, and for what is told without one: who looks at the device hears that the bar refuses something.
    void alertIfRefused();
    [[nodiscard]] bool onlySlot() const { return m_controller.board().slots().size() == 1; }
    bool takeSelectedBack();
    /// cancel(), or where there is nothing of that kind, the serial in hand.
    void takeBack();
    /// Closes the detail, and takeBack() unless that was all there was to take back.
    void escape();
    [[nodiscard]] bool asksOrChose() const;
    /// The slot that the scan bar asks about, whether to stop it. The question ends with whatever the bar tells next.
    [[nodiscard]] std::optional<enrollment::SlotNumber> stopQuestion() const;
    /// The bar asks something, and not for long: what happens in a slot without a person is not told now. Its tile shows it.
    [[nodiscard]] bool awaitsAnswer() const;
    [[nodiscard]] bool savesItsVerdict(enrollment::SlotNumber slot) const;

    RunController& m_controller;
    const Theme& m_theme;
    StationIdentity m_identity;
    std::optional<DevicesTested> m_tested; ///< absent: the journal was not read yet
    std::optional<enrollment::SlotNumber> m_selected;
    std::function<std::chrono::steady_clock::time_point()> m_now = std::chrono::steady_clock::now;
    std::chrono::steady_clock::time_point m_closeAsked{}; ///< when the scan bar asked whether to close
    std::chrono::steady_clock::time_point m_toldAt{};     ///< when what the bar says was told
    /// What was told of a wish that a second one would carry further.
    struct Asked {
        ScanNews news;
        std::optional<enrollment::SlotNumber> slot;
        std::chrono::steady_clock::time_point at;
    };
    std::optional<Asked> m_asked; ///< none: something else was chosen, scanned or taken back since
    bool m_refusalOver = false; ///< what the bar refused ended by itself; nothing was chosen, bound or taken back since
    SlotNumberEntry m_slotNumber;
    StationStop* m_stop;
    QHBoxLayout* m_middle = nullptr;
    SlotGrid* m_grid;
    SlotPane* m_pane;
    SlotPresenter* m_slots = nullptr;
    ScanBar* m_scanBar;
};

} // namespace enroll::ui
