#pragma once

#include <QStringList>

class QWidget;

namespace enroll::test {

/// Somebody who looks at screens and notes what is not translated.
class Eyes {
public:
    /// \p known: words that no language changes, such as serial numbers and addresses.
    void look(QWidget& widget, const QString& scene, const QStringList& known = {});

    /// "scene: text"
    [[nodiscard]] const QStringList& faults() const { return m_faults; }

private:
    QStringList m_faults;
};

/// Each shows one part of the application in every state it has, in the language that is installed.
void showTiles(Eyes& eyes);
void showSidePanels(Eyes& eyes);
void showHeaders(Eyes& eyes);
void showStationStops(Eyes& eyes);
void showDialogs(Eyes& eyes);
/// The Run screen of many slots and of one, with everything that its message says.
void showManySlots(Eyes& eyes);
void showStopping(Eyes& eyes);
void showOnlySlot(Eyes& eyes);

} // namespace enroll::test
