//! Logins, codes, roles and one-time links come in; who gets in, and for how long, goes out.

use crate::on::{NOW, city, person, program};
use jiheng_server::people::{Factor, Hasher, People, Permission, Role, Settings, SignIn, Totp};
use jiheng_server::store::{PersonId, Store, StoreError};
use std::sync::Arc;

const PASSWORD: &str = "青禾水文站 二〇二五";
const MINUTE: i64 = 60_000;

fn people(store: &Store) -> People {
    People {
        store: store.clone(),
        settings: Arc::new(Settings::default()),
        hasher: Hasher::new(1),
    }
}

async fn with_password(people: &People, id: &PersonId) {
    let invited = people.invite(&program(), id).await.expect("invited");
    assert!(
        people
            .invitation_holds(&invited.token, NOW)
            .await
            .expect("asked")
    );
    let redeemed = people.redeem(&invited.token, PASSWORD, NOW).await;
    assert_eq!(redeemed.as_ref(), Ok(id));
    let again = people.redeem(&invited.token, PASSWORD, NOW).await;
    assert_eq!(again, Err(StoreError::Missing), "a link works once");
}

async fn token(people: &People, login: &str, previous: Option<&str>, now: i64) -> String {
    match people.sign_in(login, PASSWORD, previous, now).await {
        Ok(SignIn::Done(done)) => done.token,
        other => panic!("{login}: {other:?}"),
    }
}

pub async fn a_session_ends_by_itself_and_is_made_anew(store: Store) {
    let city = city(&store).await;
    let people = people(&store);
    with_password(&people, &city.preparer).await;
    let first = token(&people, "preparer", None, NOW).await;
    let session = people.session(&first, NOW).await.expect("asked");
    let session = session.expect("signed in");
    assert_eq!(session.person, city.preparer);
    assert_eq!(session.factor, Factor::None);
    assert!(session.may(Permission::FillForms) && !session.may(Permission::ReadAudit));
    assert!(session.csrf_fits(&session.csrf) && !session.csrf_fits("") && session.csrf.len() > 40);
    // Session fixation: what the browser brought along is not what it goes on with.
    let second = token(&people, "preparer", Some(&first), NOW).await;
    assert_ne!(first, second);
    assert!(people.session(&first, NOW).await.expect("asked").is_none());
    let planted = token(&people, "preparer", Some("planted"), NOW).await;
    assert_ne!(planted, "planted");
    assert!(
        people
            .session("planted", NOW)
            .await
            .expect("asked")
            .is_none()
    );
    // Idle for 30 minutes; seen in between, it lives on, but not for more than 12 hours.
    let settings = Settings::default();
    let idle = NOW + settings.idle;
    assert!(
        people
            .session(&planted, idle)
            .await
            .expect("asked")
            .is_none()
    );
    let mut now = NOW;
    while now + 20 * MINUTE < NOW + settings.absolute {
        now += 20 * MINUTE;
        assert!(people.session(&second, now).await.expect("asked").is_some());
    }
    let end = NOW + settings.absolute;
    assert!(people.session(&second, end).await.expect("asked").is_none());
    assert!(
        people.session(&second, NOW).await.expect("asked").is_none(),
        "ended for good"
    );
}

pub async fn repeated_failures_lock(store: Store) {
    let city = city(&store).await;
    let people = people(&store);
    with_password(&people, &city.preparer).await;
    for login in ["preparer", "nobody-of-that-name"] {
        for n in 1..=5 {
            let tried = people
                .sign_in(login, "wrong", None, NOW)
                .await
                .expect("tried");
            let expected = if n < 5 {
                SignIn::Wrong
            } else {
                SignIn::Locked(NOW + 15 * MINUTE)
            };
            assert_eq!(
                tried, expected,
                "{login}, attempt {n}: known and unknown alike"
            );
        }
    }
    let right = people
        .sign_in("preparer", PASSWORD, None, NOW + MINUTE)
        .await;
    assert_eq!(
        right,
        Ok(SignIn::Locked(NOW + 15 * MINUTE)),
        "the right one too"
    );
    token(&people, "preparer", None, NOW + 15 * MINUTE).await;
    for _ in 0..5 {
        let tried = people
            .sign_in("preparer", "wrong", None, NOW + 16 * MINUTE)
            .await;
        tried.expect("tried");
    }
    store
        .unlock(&program(), &city.preparer)
        .await
        .expect("unlocked");
    token(&people, "preparer", None, NOW + 17 * MINUTE).await;
    // Failures that lie far apart do not add up.
    for n in 0..8 {
        let now = NOW + (n + 2) * 61 * MINUTE;
        let tried = people.sign_in("preparer", "wrong", None, now).await;
        assert_eq!(tried, Ok(SignIn::Wrong));
    }
}

/// Guesses made at once get no more answers than guesses made one after the other.
pub async fn a_burst_of_guesses_is_no_way_round_the_lock(store: Store) {
    let city = city(&store).await;
    let people = people(&store);
    with_password(&people, &city.preparer).await;
    let mut guesses = Vec::new();
    for n in 0..24 {
        let people = people.clone();
        guesses.push(tokio::spawn(async move {
            let guess = if n == 23 {
                PASSWORD.to_string()
            } else {
                format!("guess {n}")
            };
            people
                .sign_in("preparer", &guess, None, NOW)
                .await
                .expect("answered")
        }));
    }
    let mut answered = 0;
    for guess in guesses {
        answered += usize::from(!matches!(guess.await.expect("ran"), SignIn::Locked(_)));
    }
    // Four wrong ones before the lock; the right one, when its turn comes early, begins the count anew.
    assert!(answered <= 9, "{answered} guesses were answered");
    let later = NOW + 15 * MINUTE;
    let token = token(&people, "preparer", None, later).await;
    let session = people
        .session(&token, later)
        .await
        .expect("asked")
        .expect("in");
    let totp = Totp::random();
    let code = totp.code(later);
    assert!(
        people
            .set_totp(&session, &totp, &code, later)
            .await
            .expect("asked")
    );
    let mut guesses = Vec::new();
    for n in 0..24 {
        let (people, token) = (people.clone(), token.clone());
        guesses.push(tokio::spawn(async move {
            people
                .second_factor(&token, &format!("00000{n}"), later)
                .await
                .expect("answered")
        }));
    }
    let mut answered = 0;
    for guess in guesses {
        answered += usize::from(!matches!(guess.await.expect("ran"), SignIn::Locked(_)));
    }
    assert!(answered < 5, "{answered} codes were answered");
}

pub async fn a_code_is_taken_once(store: Store) {
    let city = city(&store).await;
    let people = people(&store);
    with_password(&people, &city.preparer).await;
    let first = token(&people, "preparer", None, NOW).await;
    let session = people
        .session(&first, NOW)
        .await
        .expect("asked")
        .expect("in");
    let totp = Totp::random();
    assert!(
        !people
            .set_totp(&session, &totp, "000000x", NOW)
            .await
            .expect("asked")
    );
    let code = totp.code(NOW);
    assert!(
        people
            .set_totp(&session, &totp, &code, NOW)
            .await
            .expect("asked")
    );
    let session = people
        .session(&first, NOW)
        .await
        .expect("asked")
        .expect("in");
    assert_eq!(session.factor, Factor::Given);

    let second = token(&people, "preparer", None, NOW).await;
    let session = people
        .session(&second, NOW)
        .await
        .expect("asked")
        .expect("in");
    assert_eq!(session.factor, Factor::Awaited);
    assert!(
        !people
            .set_totp(&session, &Totp::random(), "1", NOW)
            .await
            .expect("asked"),
        "half a session sets nothing"
    );
    let again = people.second_factor(&second, &code, NOW).await;
    assert_eq!(again, Ok(SignIn::Wrong), "the code of the set-up was used");
    let later = NOW + MINUTE;
    let code = totp.code(later);
    let Ok(SignIn::Done(done)) = people.second_factor(&second, &code, later).await else {
        panic!("the right code");
    };
    assert_ne!(done.token, second, "rotated");
    assert!(
        people
            .session(&second, later)
            .await
            .expect("asked")
            .is_none()
    );
    let session = people
        .session(&done.token, later)
        .await
        .expect("asked")
        .expect("in");
    assert_eq!(session.factor, Factor::Given);
    let third = token(&people, "preparer", None, later).await;
    let replayed = people.second_factor(&third, &code, later).await;
    assert_eq!(replayed, Ok(SignIn::Wrong), "a code is not accepted twice");
    for _ in 0..4 {
        people
            .second_factor(&third, "123456", later)
            .await
            .expect("tried");
    }
    let next = later + MINUTE;
    let locked = people.second_factor(&third, &totp.code(next), next).await;
    assert!(matches!(locked, Ok(SignIn::Locked(_))), "{locked:?}");
    store
        .reset_second_factor(&program(), &city.preparer)
        .await
        .expect("reset");
    assert!(
        people
            .session(&done.token, next)
            .await
            .expect("asked")
            .is_none()
    );
}

pub async fn a_password_is_changed_by_who_knows_it(store: Store) {
    let city = city(&store).await;
    let people = people(&store);
    with_password(&people, &city.preparer).await;
    let (here, there) = (
        token(&people, "preparer", None, NOW).await,
        token(&people, "preparer", None, NOW).await,
    );
    let session = people
        .session(&here, NOW)
        .await
        .expect("asked")
        .expect("in");
    let change =
        async |present: &str, new: &str| people.change_password(&session, present, new, NOW).await;
    assert!(matches!(
        change(PASSWORD, "短").await,
        Err(StoreError::Invalid(_))
    ));
    assert_eq!(change("wrong", "another password").await, Ok(false));
    assert_eq!(change(PASSWORD, "another password").await, Ok(true));
    assert!(people.session(&here, NOW).await.expect("asked").is_some());
    assert!(
        people.session(&there, NOW).await.expect("asked").is_none(),
        "others end"
    );
    let old = people.sign_in("preparer", PASSWORD, None, NOW).await;
    assert_eq!(old, Ok(SignIn::Wrong));
    people.sign_out(&session, NOW).await.expect("out");
    assert!(people.session(&here, NOW).await.expect("asked").is_none());
    let invited = people
        .invite(&program(), &city.preparer)
        .await
        .expect("invited");
    let late = people.redeem(&invited.token, PASSWORD, invited.until).await;
    assert_eq!(late, Err(StoreError::Missing), "a link ends");
}

pub async fn one_person_is_one_of_the_three_administrators(store: Store) {
    let city = city(&store).await;
    let admins = [Role::SystemAdmin, Role::SecurityAdmin, Role::AuditAdmin];
    for (n, role) in admins.into_iter().enumerate() {
        let id = person(&store, &city.bureau, &format!("admin{n}"), Some(role)).await;
        for other in admins {
            let granted = store.grant(&program(), &id, &city.unit, other).await;
            let expected = if other == role {
                Ok(())
            } else {
                Err(StoreError::RolesApart)
            };
            assert_eq!(granted, expected, "{} and {}", role.word(), other.word());
        }
        store
            .revoke(&program(), &id, &city.bureau, role)
            .await
            .expect("revoked");
        let own = jiheng_server::store::Context {
            person: Some(id.clone()),
            ..program()
        };
        let granted = store.grant(&own, &id, &city.bureau, role).await;
        assert!(
            matches!(granted, Err(StoreError::Invalid(_))),
            "not to oneself"
        );
    }
}

pub async fn a_name_is_erased_and_the_chain_holds(store: Store) {
    let city = city(&store).await;
    let people = people(&store);
    with_password(&people, &city.preparer).await;
    let token = token(&people, "preparer", None, NOW).await;
    let before = store.check_chain().await.expect("read").expect("whole");
    store
        .erase_person(&program(), &city.preparer)
        .await
        .expect("erased");
    assert!(people.session(&token, NOW).await.expect("asked").is_none());
    assert_eq!(
        people.sign_in("preparer", PASSWORD, None, NOW).await,
        Ok(SignIn::Wrong)
    );
    let person = store
        .person(&program(), &city.preparer)
        .await
        .expect("asked");
    let person = person.expect("still somebody");
    assert_eq!((person.name, person.login), (None, None));
    let names = store
        .names(std::slice::from_ref(&city.preparer))
        .await
        .expect("asked");
    assert!(names.is_empty());
    assert_eq!(store.grants_of(&city.preparer).await.expect("asked"), []);
    let after = store.check_chain().await.expect("read").expect("whole");
    assert!(after > before);
    let mut exported = Vec::new();
    store
        .export_audit(&program(), &mut exported)
        .await
        .expect("exported");
    let text = String::from_utf8(exported).expect("text");
    assert!(text.contains(&person.pseudonym));
    assert!(
        !text.contains("姓名preparer") && !text.contains("\"preparer\""),
        "no name, no login"
    );
    store
        .set_person_active(&program(), &city.preparer, true)
        .await
        .expect("asked");
    let person = store
        .person(&program(), &city.preparer)
        .await
        .expect("asked");
    assert_eq!(person.expect("there").state.word(), "erased", "for good");
}

pub async fn people_are_seen_within_ones_reach(store: Store) {
    let city = city(&store).await;
    let here = person(&store, &city.department, "here", Some(Role::SystemAdmin)).await;
    let away = person(&store, &city.other_unit, "away", None).await;
    let ctx = crate::on::ctx(&store, &here, Permission::ManagePeople).await;
    let seen = store.people(&ctx).await.expect("listed");
    let seen: Vec<&PersonId> = seen.iter().map(|p| &p.id).collect();
    assert_eq!(seen.len(), 2);
    assert!(seen.contains(&&here) && seen.contains(&&city.preparer));
    assert_eq!(store.person(&ctx, &away).await, Ok(None));
    let missing = Err(StoreError::Missing);
    assert_eq!(store.erase_person(&ctx, &away).await, missing);
    assert_eq!(store.set_person_active(&ctx, &away, false).await, missing);
    assert_eq!(store.reset_second_factor(&ctx, &away).await, missing);
    assert_eq!(store.unlock(&ctx, &away).await, missing);
    assert_eq!(
        store.grant(&ctx, &away, &city.unit, Role::Preparer).await,
        missing
    );
    assert_eq!(
        store
            .grant(&ctx, &city.preparer, &city.other_unit, Role::Preparer)
            .await,
        missing
    );
    assert_eq!(
        store.revoke(&ctx, &away, &city.unit, Role::Preparer).await,
        missing
    );
    assert!(matches!(
        people(&store).invite(&ctx, &away).await,
        Err(StoreError::Missing)
    ));
    let twice = jiheng_server::store::NewPerson {
        unit: city.unit.clone(),
        login: "away".into(),
        name: "又一人".into(),
    };
    assert_eq!(
        store.add_person(&program(), twice).await,
        Err(StoreError::Taken)
    );
}
