// Choosing heat maps: the panel alone, and with the viewer it belongs to.
#include "ui/viewer/attention_panel.h"

#include <QSignalSpy>

#include "ui/theme/theme.h"
#include "ui/viewer/viewer_panel.h"
#include "viewer_fixtures.h"

using namespace inkling;

class AttentionPanelTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void initTestCase() { applyTheme(Theme::kLight); }

  void withoutMapsItIsOffAndExplains() {
    AttentionPanel panel;
    panel.show();
    QVERIFY(!combo(panel, "Show")->isEnabled());
    QVERIFY(!panel.findChild<QSlider*>()->isEnabled());
    QVERIFY(explains(panel));
    panel.setShape(3, 4);
    QVERIFY(combo(panel, "Show")->isEnabled());
    QVERIFY(!explains(panel));
    panel.setShape(0, 0);
    QVERIFY(explains(panel));
  }

  void everyControlHasANameAndAKey() {
    AttentionPanel panel;
    panel.setShape(3, 4);
    int controls = 0;
    for (QWidget* control : panel.findChildren<QWidget*>()) {
      const bool slider = qobject_cast<QSlider*>(control) != nullptr;
      if (!slider && qobject_cast<QComboBox*>(control) == nullptr) continue;
      ++controls;
      QVERIFY(!control->accessibleName().isEmpty());
    }
    QCOMPARE(controls, 5);
    for (const QLabel* label : panel.findChildren<QLabel*>()) {
      if (label->buddy() != nullptr) QVERIFY(label->text().contains(QLatin1Char('&')));
    }
  }

  void aNarrowPanelStandsInMoreRows() {
    QWidget window;  // a panel is never a window by itself
    AttentionPanel panel(&window);
    panel.setShape(3, 4);
    const auto headsAreBelow = [&](int width) {
      panel.resize(width, 200);
      window.show();
      QTest::qWait(20);
      return combo(panel, "Heads")->y() > combo(panel, "Show")->geometry().bottom();
    };
    const int least = panel.minimumSizeHint().width();
    QVERIFY(!headsAreBelow(2 * least));
    QVERIFY(headsAreBelow(least));
    // All within the panel, none over another.
    const QList<QWidget*> parts =
        panel.findChildren<QWidget*>(QString(), Qt::FindDirectChildrenOnly);
    for (const QWidget* part : parts) {
      if (!part->isVisible()) continue;
      QVERIFY(panel.rect().contains(part->geometry()));
      for (const QWidget* other : parts)
        QVERIFY(part == other || !other->isVisible() ||
                !part->geometry().intersects(other->geometry()));
    }
  }

  void theLastLayerIsChosenUntilAPersonChooses() {
    AttentionPanel panel;
    panel.setShape(3, 4);
    QCOMPARE(panel.choice().layer, 2);
    panel.setShape(2, 4);
    QCOMPARE(panel.choice().layer, 1);
    choose(panel, "Layer", 0);
    choose(panel, "Heads", 3);
    panel.setShape(3, 4);
    QCOMPARE(panel.choice().layer, 0);
    QCOMPARE(panel.choice().heads.kind, HeadChoice::Kind::kOne);
    QCOMPARE(panel.choice().heads.head, 1);
  }

  void layersAndHeadsAreForTheMapOfALayer() {
    AttentionPanel panel;
    panel.setShape(3, 4);
    choose(panel, "Show", 1);
    QCOMPARE(panel.choice().kind, AttentionChoice::Kind::kRollout);
    QVERIFY(!combo(panel, "Layer")->isEnabled() && !combo(panel, "Heads")->isEnabled());
    choose(panel, "Show", 2);
    QCOMPARE(panel.choice().kind, AttentionChoice::Kind::kRelevance);
    QSignalSpy changed(&panel, &AttentionPanel::changed);
    choose(panel, "Colours", 1);
    QCOMPARE(panel.colourMap(), ColourMap::magma);
    QCOMPARE(changed.count(), 1);
  }

  void whatWasChosenIsRemembered() {
    AttentionPanel panel, other;
    panel.setShape(3, 4);
    choose(panel, "Layer", 1);
    choose(panel, "Heads", 1);
    choose(panel, "Show", 2);
    choose(panel, "Colours", 2);
    QCOMPARE(panel.opacity(), 0.55);
    panel.findChild<QSlider*>()->setValue(30);
    other.restoreState(panel.saveState());
    other.setShape(3, 4);  // the maps may come later than the settings
    QCOMPARE(other.saveState(), panel.saveState());
    QCOMPARE(other.choice().kind, AttentionChoice::Kind::kRelevance);
    QCOMPARE(other.choice().layer, 1);
    QCOMPARE(other.choice().heads.kind, HeadChoice::Kind::kMax);
    QCOMPARE(other.colourMap(), ColourMap::jet);
    QCOMPARE(other.opacity(), 0.3);
    // Settings that somebody else wrote.
    other.restoreState({{QStringLiteral("layer"), QStringLiteral("many")},
                        {QStringLiteral("opacity"), 4000},
                        {QStringLiteral("show"), 7}});
    QCOMPARE(other.opacity(), 1.0);
    QCOMPARE(other.choice().layer, 1);
    other.restoreState({});
    QCOMPARE(other.opacity(), 1.0);
  }

  void choicesChangeTheMapOfTheViewer() {
    ViewerPanel& viewer = shown();
    const auto maps = madeUpMaps();
    viewer.setAttention(maps, {twoStrokes()});
    QVERIFY(!viewer.view()->overlay());
    QSignalSpy wanted(&viewer, &ViewerPanel::attentionWanted);
    viewer.setAttentionOn(true);
    QCOMPARE(wanted.count(), 1);
    AttentionPanel& panel = *viewer.attentionPanel();
    QVERIFY(panel.isVisible());
    QCOMPARE(viewer.view()->overlay()->values, maps->layerMap(1, {}).values);
    choose(panel, "Layer", 0);
    choose(panel, "Heads", 1);
    QCOMPARE(viewer.view()->overlay()->values,
             maps->layerMap(0, {HeadChoice::Kind::kMax, 0}).values);
    choose(panel, "Show", 1);
    QCOMPARE(viewer.view()->overlay()->values, maps->rollout().values);
    choose(panel, "Show", 2);
    QCOMPARE(viewer.view()->overlay()->values, maps->relevanceMap().values);
    viewer.setAttention(nullptr, {});
    QVERIFY(!viewer.view()->overlay());
    viewer.setAttentionOn(false);
    QVERIFY(!panel.isVisible());
    QCOMPARE(wanted.last()[0].toBool(), false);
  }

  void betweenPlacesThePointerAsksWhereAPlaceLooks() {
    ViewerPanel& viewer = shown();
    const auto maps = madeUpMaps();
    viewer.setAttention(maps, {twoStrokes()});
    viewer.setAttentionOn(true);
    choose(*viewer.attentionPanel(), "Show", 3);
    PhotoView* view = viewer.view();
    QCOMPARE(view->overlay()->values, maps->self.lookedAt(1, {}).values);
    QCOMPARE(view->marks().points.size(), std::size_t{2});
    QVERIFY(!view->marks().place);
    moveMouse(view, view->geometry().toWidget().map(QPointF(250, 50)));  // column 6, row 2
    QCOMPARE(view->overlay()->values, maps->self.lookedFrom(6, 2, 1, {}).values);
    QVERIFY(view->marks().place.has_value());
    // One head in place of two: the mean stands for the one that is missing.
    choose(*viewer.attentionPanel(), "Heads", 3);
    choose(*viewer.attentionPanel(), "Layer", 0);
    QCOMPARE(view->overlay()->values, maps->self.lookedFrom(6, 2, 0, {}).values);
    QEvent leave(QEvent::Leave);
    QCoreApplication::sendEvent(view, &leave);
    QCOMPARE(view->overlay()->values, maps->self.lookedAt(0, {}).values);
    choose(*viewer.attentionPanel(), "Show", 0);
    QVERIFY(view->marks().empty());
  }

  void aStrokeShowsWhereItIsLookedFor() {
    ViewerPanel& viewer = shown();
    const auto maps = madeUpMaps();
    viewer.setAttention(maps, {twoStrokes()});
    viewer.showStroke(std::pair<std::size_t, std::size_t>(0, 1));
    QCOMPARE(viewer.view()->overlay()->values, maps->strokeMap(twoStrokes(), 0, 1, 1, {}).values);
    viewer.showStroke(std::pair<std::size_t, std::size_t>(5, 9));
    QVERIFY(!viewer.view()->overlay());
    viewer.setAttentionOn(true);
    viewer.showStroke(std::nullopt);
    QCOMPARE(viewer.view()->overlay()->values, maps->layerMap(1, {}).values);
  }

  void thePhotoSpeaksOfTheStrokes() {
    ViewerPanel& viewer = shown();
    std::vector<std::vector<std::vector<float>>> said;
    connect(&viewer, &ViewerPanel::strokesSpeak, &viewer,
            [&said](const auto& shares) { said.push_back(shares); });
    PhotoView* view = viewer.view();
    const QPointF at = view->geometry().toWidget().map(QPointF(250, 50));  // column 6, row 2
    moveMouse(view, at);
    QVERIFY(said.empty());
    const auto maps = madeUpMaps();
    viewer.setAttention(maps, {twoStrokes()});
    moveMouse(view, at);
    QCOMPARE(said.size(), std::size_t{1});
    for (const std::size_t stroke : {0, 1}) {
      const HeatMap map = maps->strokeMap(twoStrokes(), 0, stroke, 1, {});
      QVERIFY(std::abs(said[0][0][stroke] - map.values[2 * 8 + 6]) < 1e-5);
    }
    QCOMPARE(said[0][0][2], 0.0F);
    QEvent leave(QEvent::Leave);
    QCoreApplication::sendEvent(view, &leave);
    QVERIFY(said.size() == 2 && said[1].empty());
    // Drawings that are not those of the maps have nothing to say.
    viewer.setAttention(maps, {twoStrokes(), twoStrokes()});
    moveMouse(view, at);
    QCOMPARE(said.size(), std::size_t{2});
  }

  void cleanup() { viewer_.reset(); }

 private:
  static QComboBox* combo(AttentionPanel& panel, const char* name) {
    for (QComboBox* box : panel.findChildren<QComboBox*>()) {
      if (box->accessibleName() == QLatin1String(name)) return box;
    }
    return nullptr;
  }
  /// By keys, as a person does.
  static void choose(AttentionPanel& panel, const char* name, int index) {
    QComboBox* box = combo(panel, name);
    QTest::keyClick(box, Qt::Key_Home);
    for (int i = 0; i < index; ++i) QTest::keyClick(box, Qt::Key_Down);
  }
  static bool explains(const AttentionPanel& panel) {
    for (const QLabel* label : panel.findChildren<QLabel*>()) {
      if (label->wordWrap() && !label->isHidden()) return true;
    }
    return false;
  }
  /// With a photo of 320 x 160 pixels.
  ViewerPanel& shown() {
    const auto path = folder_ / "ruler.png";
    writePicture(path, rulerImage(320, 160));
    viewer_ = std::make_unique<ViewerPanel>();
    viewer_->resize(700, 600);
    viewer_->show();
    QSignalSpy ready(viewer_.get(), &ViewerPanel::photoShown);
    viewer_->showPhoto(path);
    ready.wait();
    return *viewer_;
  }

  TestFolder folder_;
  std::unique_ptr<ViewerPanel> viewer_;
};

QTEST_MAIN(AttentionPanelTest)
#include "attention_panel_test.moc"
