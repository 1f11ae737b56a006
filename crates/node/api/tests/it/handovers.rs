//! A player on the way to another device: given once, and only to a caller that knows the id.

use serde_json::json;

use crate::app::{App, Reply};

pub const ID: &str = "00112233445566778899aabbccddeeff";

pub async fn hand_over(app: &App, id: &str, sealed: &str) -> Reply {
    let body = json!({ "id": id, "sealed": sealed }).to_string();
    let json = [("content-type", "application/json")];
    app.request("POST", "/api/v1/handovers", &json, body).await
}

async fn take_over(app: &App, id: &str) -> Reply {
    let path = format!("/api/v1/handovers/{id}");
    app.request("DELETE", &path, &[], "").await
}

#[tokio::test]
async fn what_one_device_leaves_another_takes_once() {
    let app = App::classic();
    assert_eq!(hand_over(&app, ID, "locked keys").await.status, 204);
    let again = hand_over(&app, ID, "other keys").await;
    assert_eq!(
        (again.status.as_u16(), again.json()["code"].as_str()),
        (409, Some("handover-taken"))
    );
    let taken = take_over(&app, ID).await;
    assert_eq!(
        (taken.status.as_u16(), taken.json()["sealed"].as_str()),
        (200, Some("locked keys"))
    );
    let gone = take_over(&app, ID).await;
    assert_eq!(
        (gone.status.as_u16(), gone.json()["code"].as_str()),
        (404, Some("no-handover"))
    );
}

#[tokio::test]
async fn what_is_no_handover_is_refused() {
    let app = App::classic();
    for (id, sealed) in [
        ("", "x".to_owned()),
        ("00", "x".to_owned()),
        (&ID.to_uppercase(), "x".to_owned()),
        (ID, "x".repeat(4097)),
    ] {
        assert_eq!(hand_over(&app, id, &sealed).await.status, 400, "{id}");
    }
    assert_eq!(take_over(&app, ID).await.status, 404);
}
